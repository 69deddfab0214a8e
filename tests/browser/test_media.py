"""Films, sounds and pictures as people get to see them, and the way out where they cannot be shown."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.people import Pair
from tests.media import recorded

RAW = b"IIRO" + bytes(400)
GREY = "rgb(117, 117, 117)"


def test_a_file_that_cannot_be_cleaned_is_sent_only_after_a_question(
    pair: Pair, tmp_path: Path
) -> None:
    ada, ben = pair()
    negative = tmp_path / "negative.orf"
    negative.write_bytes(RAW)
    ada.attach(negative)
    files = ada.page.get_by_role("list", name="Files to send")
    expect(files).to_contain_text(
        "This file may reveal where, when and with what device it was made"
    )
    files.get_by_role("button", name="Don\u2019t send").click()
    expect(files).to_have_count(0)
    ada.attach(negative)
    files.get_by_role("button", name="Send as is").click()
    expect(files.get_by_role("button", name="Send as is")).to_have_count(0)
    ada.say("The negative")
    ben.hears("The negative")
    expect(ben.page.get_by_role("log").get_by_text("negative")).to_have_count(2)


def test_a_film_that_the_browser_cannot_play_is_a_card_to_download(
    pair: Pair, tmp_path: Path
) -> None:
    ada, ben = pair()
    film = recorded.recording(tmp_path / "old.mp4", "-c:v", "mpeg4", "-map", "0")
    ada.attach(film)
    ada.say("From the attic")
    ben.hears("From the attic")
    log = ben.page.get_by_role("log")
    expect(log.get_by_role("link", name="Download").first).to_be_visible()
    expect(log.locator("video")).to_have_count(0)


def test_sound_in_a_container_of_films_is_heard_and_an_upright_film_stands_upright(
    pair: Pair, tmp_path: Path
) -> None:
    ada, ben = pair()
    sound = recorded.recording(tmp_path / "song.mp4", "-map", "1", "-c:a", "aac")
    upright = recorded.recording(
        tmp_path / "upright.webm", "-c:v", "libvpx", "-vf", "scale=180:320,setsar=1", "-an"
    )
    ada.attach(sound)
    ada.say("Listen")
    ada.attach(upright)
    ada.say("Look")
    ben.hears("Look")
    log = ben.page.get_by_role("log")
    expect(log.get_by_role("group", name="Audio song.mp4")).to_be_visible()
    film = log.locator("video")
    expect(film).to_have_count(1)
    shape = film.evaluate("(one) => [one.clientWidth, one.clientHeight]")
    assert abs(shape[0] / shape[1] - 180 / 320) < 0.02


def test_a_picture_that_moves_does_so_in_view_and_rests_for_those_who_want_rest(
    pair: Pair, tmp_path: Path
) -> None:
    ada, ben = pair()
    dance = tmp_path / "dance.gif"
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(dance, save_all=True, append_images=frames[1:], duration=80, loop=0)
    ada.attach(dance)
    ada.say("Dance")
    ben.hears("Dance")
    image = ben.page.get_by_role("log").get_by_role("img", name="Image dance.gif")
    expect(image).to_have_attribute("data-moving", "true")
    ben.page.emulate_media(reduced_motion="reduce")
    ben.page.reload()
    expect(image).to_have_attribute("data-moving", "false")
    expect(ben.page.get_by_role("log").get_by_text("GIF", exact=True)).to_be_visible()
    image.hover()
    expect(image).to_have_attribute("data-moving", "true")


def test_what_no_one_has_looked_into_stands_on_a_grey_that_shows_black_and_white(
    pair: Pair, tmp_path: Path
) -> None:
    ada, _ = pair(alone=True)
    Image.new("RGBA", (90, 90), (0, 0, 0, 0)).save(tmp_path / "ink.png")
    ada.attach(tmp_path / "ink.png")
    tray = ada.page.get_by_role("list", name="Files to send").locator("img")
    for scheme in ("light", "dark"):
        ada.page.emulate_media(color_scheme=scheme)
        expect(tray).to_have_css("background-color", GREY)
    picture: FilePayload = {
        "name": "me.png",
        "mimeType": "image/png",
        "buffer": (tmp_path / "ink.png").read_bytes(),
    }
    requests = ada.page.context.request
    answer = requests.put("/api/v1/me/avatar", multipart={"file": picture}, headers=ada.headers)
    assert answer.ok, answer.text()
    face = ada.page.get_by_role("button", name="Your menu").locator("img")
    expect(face).to_have_css("background-color", GREY)


def test_a_black_drawing_stands_on_a_light_ground_in_the_dark(pair: Pair, tmp_path: Path) -> None:
    ada, ben = pair()
    drawing = Image.new("RGBA", (90, 90), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (20, 20, 70, 70))
    drawing.save(tmp_path / "ink.png")
    ada.attach(tmp_path / "ink.png")
    ada.say("Ink")
    ben.hears("Ink")
    ben.page.emulate_media(color_scheme="dark")
    image = ben.page.get_by_role("log").get_by_role("img", name="Image ink.png")
    expect(image).to_have_css("background-color", "rgb(255, 255, 255)")
    image.click()
    shown = ben.page.get_by_role("dialog").get_by_role("img", name="Image ink.png")
    expect(shown).to_have_css("background-color", "rgb(255, 255, 255)")

"""Voice messages, and pictures and videos side by side."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, details
from tests.browser.cast import Cast
from tests.browser.people import Pair, Someone
from tests.browser.sharing import film, send, sound, upload
from tests.browser.test_composing import here

# Sounds are played without an element in the page: each that plays is noted.
NOTE_SOUNDS = """
    window.sounds = [];
    window.ends = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        window.sounds.push(this);
        window.ends.push(new Promise((done) => this.addEventListener('ended', () => done())));
        return play.call(this);
    };
"""
ENDED = "() => window.ends.at(-1)"
SECONDS = 30


def speak(person: Someone, seconds: int) -> None:
    """Record a voice message of at least this length and send it."""
    person.page.get_by_role("button", name="Record a voice message").click()
    said = person.page.get_by_role("timer", name="Length")
    expect(said).to_have_text(at_least(seconds))
    person.page.get_by_role("button", name="Send voice message").click()
    expect(person.page.get_by_role("textbox", name="Message")).to_be_visible()


def at_least(seconds: int) -> re.Pattern[str]:
    """The length of a recording that goes on while one looks at it."""
    return re.compile(rf"^0:(0[{seconds}-9]|[1-5]\d)$")


def spoken(person: Someone, conversation: str, key: str) -> None:
    """Send a voice message that is long enough to do something while it plays."""
    voice = upload(person, "voice.wav", sound(SECONDS), f"?duration={SECONDS}000&waveform=0a1f8v")
    message = {"key": f"voice-message-{key}", "body": "", "attachments": [voice]}
    person.call("POST", f"/conversations/{conversation}/messages", message)


def voices(person: Someone) -> Locator:
    return person.page.get_by_role("log").get_by_role("group", name="Voice message")


def test_a_voice_message_is_recorded_sent_and_played(pair: Pair) -> None:
    ada, ben = pair()
    speak(ada, 2)
    expect(voices(ben)).to_have_count(1)
    [sent] = ada.call("GET", f"/conversations/{here(ada.page)}/messages")["messages"]
    [file] = sent["attachments"]
    assert file["type"] == "audio/webm"
    assert 2_000 <= file["duration"] < 60_000
    assert set(file["waveform"]) <= set("0123456789abcdefghijklmnopqrstuv")
    assert "v" in file["waveform"]
    ben.page.evaluate(f"() => {{ {NOTE_SOUNDS} }}")
    voices(ben).get_by_role("button", name="Play").click()
    ben.page.evaluate(ENDED)
    spoken(ada, here(ada.page), "long")
    player = voices(ben).nth(1)
    slider = player.get_by_role("slider", name="Position")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    player.get_by_role("button", name="Play").click()
    expect(slider).not_to_have_attribute("aria-valuenow", "0")
    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play")).to_be_visible()


def test_the_others_see_its_waves_and_hear_it_at_the_speed_they_like(cast: Cast) -> None:
    hearers = (cast.phone, cast.ben)
    for person in hearers:
        person.page.add_init_script(NOTE_SOUNDS)
    cast.at(cast.direct, *hearers)
    spoken(cast.ada, cast.direct, "waves")
    for person in hearers:
        player = voices(person)
        bars = player.locator("rect")
        expect(bars).to_have_count(40)
        heights = bars.evaluate_all("(all) => all.map((one) => one.getAttribute('height'))")
        assert len(set(heights)) > 2
        player.get_by_role("button", name="Play").click()
        slider = player.get_by_role("slider", name="Position")
        expect(slider).not_to_have_attribute("aria-valuenow", "0")
        speed = player.get_by_role("button", name="Speed")
        for times in (1, 1.5, 2):
            expect(speed).to_have_text(f"{times}\N{MULTIPLICATION SIGN}")
            assert person.page.evaluate("window.sounds.at(-1).playbackRate") == times
            speed.click()


def test_it_is_gone_through_by_keys_at_another_speed(pair: Pair) -> None:
    ada, ben = pair()
    spoken(ada, here(ada.page), "keys")
    player = voices(ben)
    slider = player.get_by_role("slider", name="Position")
    slider.focus()
    slider.press("End")
    expect(slider).not_to_have_attribute("aria-valuenow", "0")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    for speed in ("1.5", "2", "1"):
        player.get_by_role("button", name="Speed").click()
        expect(
            player.get_by_role("button", name=f"Speed {speed}\N{MULTIPLICATION SIGN}")
        ).to_be_visible()


def test_only_one_plays_and_the_next_of_the_same_person_plays_on(pair: Pair) -> None:
    ada, ben = pair()
    for key in ("first", "second"):
        spoken(ada, here(ada.page), key)
    expect(voices(ben)).to_have_count(2)
    first, second = voices(ben).nth(0), voices(ben).nth(1)
    second.get_by_role("button", name="Play").click()
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    first.get_by_role("button", name="Play").click()
    expect(first.get_by_role("button", name="Pause")).to_be_visible()
    expect(second.get_by_role("button", name="Play")).to_be_visible()
    first.get_by_role("slider", name="Position").press("End")
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    expect(first.get_by_role("button", name="Play")).to_be_visible()


def test_a_recording_is_discarded_or_kept_for_the_conversation_it_was_made_in(pair: Pair) -> None:
    ada, ben = pair()
    page = ada.page
    page.get_by_role("button", name="Record a voice message").click()
    expect(page.get_by_role("timer", name="Length")).to_have_text(at_least(1))
    page.get_by_role("button", name="Discard the recording").click()
    expect(page.get_by_role("button", name="Record a voice message")).to_be_visible()
    page.get_by_role("button", name="Record a voice message").click()
    expect(page.get_by_role("timer", name="Length")).to_have_text(at_least(1))
    conversation = here(page)
    page.evaluate("history.pushState(null, '', '/'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("timer", name="Length")).to_have_count(0)
    ada.keeps("drafts", "rows.length === 1 && rows[0].files.length === 1")
    page.goto(f"/c/{conversation}")
    tray = page.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(tray).to_contain_text("Voice message")
    page.get_by_role("button", name="Send").click()
    expect(voices(ben)).to_have_count(1)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Seven photographs, more or less."""
    made = []
    for number in range(7):
        path = tmp_path / f"photo{number}.jpg"
        Image.new("RGB", (600 + 80 * number, 500), (30 * number, 90, 140)).save(path)
        made.append(path)
    return made


def test_several_pictures_are_a_grid_and_the_viewer_leads_through_all(
    pair: Pair, pictures: list[Path]
) -> None:
    ada, ben = pair()
    ada.attach(*pictures)
    tray = ada.page.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(tray).to_have_count(7)
    ada.page.get_by_role("button", name="Send").click()
    log = ben.page.get_by_role("log")
    expect(log.get_by_role("img", name="Image photo")).to_have_count(5)
    log.get_by_role("button", name="Open 2 more").click()
    viewer = ben.page.get_by_role("dialog", name="Image viewer")
    expect(viewer.get_by_text("5 of 7")).to_be_visible()
    ben.page.keyboard.press("ArrowRight")
    ben.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="Image photo6.jpg")).to_be_visible()
    expect(viewer.get_by_role("button", name="Next image")).to_have_count(0)
    ben.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_sounds_and_films_play_in_place_and_are_found_again_by_kind(
    cast: Cast, image: Path, document: Path, tmp_path: Path
) -> None:
    tone, short = tmp_path / "tone.wav", tmp_path / "short.webm"
    tone.write_bytes(sound(SECONDS))
    short.write_bytes(film(cast.olaf.page))
    cast.at(cast.group, cast.ada, cast.phone)
    send(cast, cast.ben, cast.group, "listen and look", tone, short)
    for person in (cast.ada, cast.phone):
        said = bubble(person, "listen and look")
        player = said.get_by_role("group", name="Audio tone.wav")
        player.get_by_role("button", name="Play").click()
        slider = player.get_by_role("slider", name="Position")
        expect(slider).not_to_have_attribute("aria-valuenow", "0")
        video = said.get_by_label("Video short.webm")
        video.evaluate("(video) => video.play()")
        expect(player.get_by_role("button", name="Play")).to_be_visible()
        expect(video).to_have_js_property("ended", True)
    for person in (cast.ada, cast.phone):
        pane = details(person)
        files = pane.get_by_role("group", name="Shared files")
        expect(pane.get_by_role("button", name="Open video short.webm")).to_be_visible()
        files.get_by_role("button", name="Audio").click()
        expect(pane.get_by_role("link", name="tone.wav")).to_be_visible()
        files.get_by_role("button", name="Files").click()
        expect(pane.get_by_text("No other files yet.")).to_be_visible()
    send(cast, cast.cleo, cast.group, "both", image, document)
    for person in (cast.ada, cast.phone):
        pane = details(person)
        expect(pane.get_by_role("link", name="plan.pdf")).to_be_visible()
        pane.get_by_role("button", name="Media").click()
        pane.get_by_role("button", name="Open image sun.jpg").click()
        viewer = person.page.get_by_role("dialog", name="Image viewer")
        expect(viewer.get_by_text("1 of 2")).to_be_visible()
    path = f"/api/v1/conversations/{cast.group}/files?kind=media"
    assert cast.olaf.request("GET", path).status == 404

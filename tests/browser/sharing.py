"""Files that people send without the composer: a sound, a film, and whatever a test has made."""

import io
import math
import wave
from array import array
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.cast import Cast
from tests.browser.people import Someone

FILM = """async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 160;
    canvas.height = 90;
    const pen = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let step = 0; step < 12; step += 1) {
        pen.fillStyle = `hsl(${step * 30} 80% 50%)`;
        pen.fillRect(0, 0, 160, 90);
        await new Promise((done) => setTimeout(done, 50));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}"""


def upload(person: Someone, name: str, content: bytes, query: str = "") -> str:
    """Upload a file for a message; return its id."""
    found: str = person.upload(f"/attachments{query}", name, content)["attachment"]["id"]
    return found


def send(cast: Cast, person: Someone, conversation: str, body: str, *files: Path) -> int:
    """Send files in one message; return its number."""
    ids = [upload(person, file.name, file.read_bytes()) for file in files]
    return cast.post(person, conversation, body, attachments=ids)


def sound(seconds: float) -> bytes:
    """Make a tone that grows louder."""
    rate, out = 8_000, io.BytesIO()
    with wave.open(out, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(rate)
        count = int(rate * seconds)
        wavy = (math.sin(at * 2 * math.pi * 440 / rate) * at / count for at in range(count))
        tone.writeframesraw(array("h", (int(12_000 * one) for one in wavy)).tobytes())
    return out.getvalue()


def film(page: Page) -> bytes:
    """Have a browser record a film of about half a second."""
    return bytes(page.evaluate(FILM))

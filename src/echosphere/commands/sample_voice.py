"""The voice message of the sample, which sounds like a hummed sentence."""

import io
import math
import struct
import wave

import msgspec

RATE = 16_000
SECONDS = 7
BARS = 72
LEVELS = "0123456789abcdefghijklmnopqrstuv"


class Voice(msgspec.Struct, frozen=True):
    """A recording as the composer sends it: duration in milliseconds, loudness in bars."""

    name: str
    duration: int
    waveform: str


def _loudness(second: float) -> float:
    """Return the loudness at a time, from 0 to 1: words with pauses between them."""
    word = math.sqrt(abs(math.sin(second * 2.3)))
    syllable = 0.55 + 0.45 * math.sin(second * 21 + math.sin(second * 3) * 2)
    return max(0.0, min(1.0, word * syllable * (0.2 if second % 2.6 > 2.25 else 1)))


def voice() -> bytes:
    """Return the recording as a mono WAV file."""
    samples = bytearray()
    phase = 0.0
    for step in range(RATE * SECONDS):
        second = step / RATE
        pitch = 150 + 35 * math.sin(second * 1.9) + 18 * math.sin(second * 7.1)
        phase += 2 * math.pi * pitch / RATE
        tone = math.sin(phase) + 0.45 * math.sin(2 * phase) + 0.2 * math.sin(3 * phase)
        samples += struct.pack("<h", round(9_000 * _loudness(second) * tone / 1.65))
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        recording.writeframes(bytes(samples))
    return file.getvalue()


def _bars() -> str:
    moments = (bar * SECONDS / BARS for bar in range(BARS))
    return "".join(LEVELS[round(31 * _loudness(moment))] for moment in moments)


VOICE = Voice("voice-message.wav", SECONDS * 1000, _bars())

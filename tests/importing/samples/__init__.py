"""Writes the story as the exports of other systems have it; all of it is made up here."""

from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.samples.sample import Sample

SAMPLES: tuple[Sample, ...] = (EchoSphereSample(),)

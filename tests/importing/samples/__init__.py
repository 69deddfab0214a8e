"""Writes the story as the exports of other systems have it; all of it is made up here."""

from tests.importing.samples.discord import DiscordSample
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.samples.matrix import MatrixSample
from tests.importing.samples.mattermost import MattermostSample
from tests.importing.samples.rocketchat import RocketChatSample
from tests.importing.samples.sample import Sample
from tests.importing.samples.slack import SlackSample
from tests.importing.samples.telegram import TelegramSample
from tests.importing.samples.whatsapp import WhatsAppSample
from tests.importing.samples.zulip import ZulipSample

SAMPLES: tuple[Sample, ...] = (
    EchoSphereSample(),
    SlackSample(),
    MattermostSample(),
    WhatsAppSample(),
    TelegramSample(),
    DiscordSample(),
    RocketChatSample(),
    ZulipSample(),
    MatrixSample(),
)

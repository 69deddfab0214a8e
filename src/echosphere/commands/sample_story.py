"""The story that `echosphere sample` tells: a small repair café that prepares its open day."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from echosphere.core.clock import MINUTE

PASSWORD = "teapot-on-the-pier"  # noqa: S105 - printed on purpose: sample people guard nothing


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day some days ago, or some minutes ago."""

    days: int = 0
    hour: int = 0
    minute: int = 0
    minutes: int = 0

    def before(self, now: int) -> int:
        """Return the time in milliseconds, seen from `now`; days begin where this machine is."""
        if not self.days:
            return now - self.minutes * MINUTE
        today = datetime.fromtimestamp(now / 1000, tz=UTC).astimezone()
        day = today - timedelta(days=self.days)
        at = day.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team.

    Attributes:
        status: An emoji and a few words.
        face: The name of a picture of `sample_files`.
    """

    email: str
    name: str
    about: str
    status: tuple[str, str] | None = None
    face: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said.

    Attributes:
        files: The names of files of `sample_files`.
        answers: The `mark` of an earlier line of the same talk.
        reactions: Who put which emoji under it.
        was: What it said before it was edited.
        pinned: Whether the first one of the talk pinned it.
    """

    by: str
    at: Moment
    text: str
    files: tuple[str, ...] = ()
    mark: str | None = None
    answers: str | None = None
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    was: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: between two people, or of a group with a title.

    Attributes:
        people: The first one started it.
        unread: How many of the last messages each has not read; nobody else has any.
        own: What people keep about it: pinned, muted, a draft.
        picture: The name of a file of `sample_files` for a group.
    """

    people: tuple[str, ...]
    lines: tuple[Line, ...]
    title: str | None = None
    unread: dict[str, int] = field(default_factory=dict)
    own: dict[str, dict[str, object]] = field(default_factory=dict)
    picture: str | None = None


def on(days: int, time: str) -> Moment:
    """A time of day, at least one day ago."""
    hour, _, minute = time.partition(":")
    return Moment(days=days, hour=int(hour), minute=int(minute))


def ago(minutes: int) -> Moment:
    """Some minutes ago: few enough to be later than yesterday evening, also after midnight."""
    return Moment(minutes=minutes)


BEGINNING = on(8, "18:00")

PEOPLE = {
    "mira": Person(
        "mira@example.org",
        "Mira Lindqvist",
        "Keeps the list of lists.",
        status=("📋", "Counting chairs"),
        face="face-mira.jpg",
    ),
    "jonas": Person(
        "jonas@example.org",
        "Jonas Weber",
        "Radios, toasters, anything with a fuse.",
        status=("🔧", "In the workshop until eight"),
        face="face-jonas.jpg",
    ),
    "aylin": Person(
        "aylin@example.org", "Aylin Demir", "Sewing machines and posters.", face="face-aylin.jpg"
    ),
    "tomas": Person("tomas@example.org", "Tomás Oliveira", "Bicycles. Only bicycles."),
    "priya": Person(
        "priya@example.org", "Priya Raman", "The cash box is in good hands.", face="face-priya.jpg"
    ),
    "kofi": Person(
        "kofi@example.org",
        "Kofi Mensah",
        "Coffee, cake and the blue van.",
        status=("☕", "The machine is hot"),
    ),
    "noor": Person("noor@example.org", "Noor Haddad", "New in town. Can solder."),
}

CONTACTS = (
    ("mira", "jonas"),
    ("mira", "aylin"),
    ("mira", "tomas"),
    ("mira", "priya"),
    ("mira", "kofi"),
    ("aylin", "kofi"),
    ("aylin", "priya"),
    ("tomas", "jonas"),
)
"""Who asked whom; all said yes."""

WAITING = (("noor", "mira"),)
"""Requests that nobody has answered yet."""

CAFE = Talk(
    title="Repair café",
    people=("mira", "jonas", "aylin", "tomas", "priya", "kofi"),
    own={"mira": {"pinned": True}},
    unread={"mira": 3, "kofi": 3, "tomas": 2},
    picture="cup.png",
    lines=(
        Line(
            "mira",
            on(6, "08:42"),
            "Good morning everybody 👋 This is our new place to talk. "
            "No more hunting through three mailboxes for the key code.",
        ),
        Line("jonas", on(6, "08:47"), "Works on my old phone too. I am impressed."),
        Line("kofi", on(6, "09:03"), "Coffee machine says hello ☕"),
        Line("tomas", on(6, "09:20"), "Finally. Hello!"),
        Line(
            "mira",
            on(6, "12:15"),
            "The open day is settled: the hall is ours from 9 to 17. "
            "I drew where everybody could sit, please shout if your corner has no socket.",
            files=("floor-plan.png",),
            mark="plan",
            reactions={"👍": ("jonas", "kofi", "priya")},
        ),
        Line(
            "jonas",
            on(6, "12:31"),
            "Electronics next to the window is perfect. I need two "
            "power strips, mine were borrowed and never came back 🙃",
            answers="plan",
        ),
        Line(
            "aylin",
            on(6, "12:33"),
            "The sewing corner is a little dark. Could we swap with the "
            "book table? Readers can bring a lamp.",
        ),
        Line("mira", on(6, "12:40"), "Done, swapped.", reactions={"🎉": ("aylin",)}),
        Line(
            "tomas",
            on(6, "17:58"),
            "Bikes stay outside as long as it does not rain. If it "
            "rains, I come in and you will all smell chain oil.",
        ),
        Line(
            "priya",
            on(5, "10:05"),
            "Short one about **money**:\n\n"
            "- 214.50 in the cash box\n- 62.00 for the hall, ~~open~~ paid\n- 18.90 for screws, "
            "glue and thread, receipts are in the *blue* folder\n\n"
            "So we can afford cake. Some cake.",
            reactions={"🍰": ("kofi", "jonas", "mira"), "🙏": ("tomas",)},
        ),
        Line("kofi", on(5, "10:09"), "I heard cake."),
        Line("jonas", on(5, "10:10"), "You always hear cake."),
        Line(
            "mira",
            on(5, "19:30"),
            "Notes of tonight, two pages. Thank you for staying so long!",
            files=("notes-planning-evening.pdf",),
            pinned=True,
        ),
        Line("aylin", on(5, "19:52"), "Thanks for writing it all down 🙏"),
        Line(
            "priya",
            on(4, "09:14"),
            "I looked up how many came last year. The third one was the "
            "day with the thunderstorm, remember?",
            files=("visitors.png",),
        ),
        Line("tomas", on(4, "09:26"), "I remember. Seventeen wet bicycles."),
        Line("kofi", on(4, "09:41"), "And we ran out of milk by noon. I will bring twice as much."),
        Line(
            "jonas",
            on(3, "20:11"),
            "List of spare parts that I have here. Add what you need, I "
            "go to the shop tomorrow after work.",
            files=("spare-parts.csv",),
        ),
        Line(
            "tomas",
            on(3, "20:34"),
            "Brake cables, please: four. And patches, as many as they have.",
        ),
        Line(
            "aylin",
            on(3, "21:02"),
            "Needles for jeans, size 100. They break as if they were paid for it.",
        ),
        Line(
            "jonas", on(2, "18:45"), "Got everything except the jeans needles. Two shops, no luck."
        ),
        Line("aylin", on(2, "18:49"), "Then I order them: https://example.org/needles/jeans-100"),
        Line(
            "mira",
            on(1, "09:05"),
            "@all Tomorrow is the last evening to prepare. Who can be there "
            "from six? I need\n\n1. two people for the tables\n2. one with a car\n"
            "3. somebody who can reach the top shelf",
            mark="evening",
        ),
        Line(
            "kofi",
            on(1, "09:11"),
            "Van and I: yes. Top shelf: also yes.",
            answers="evening",
            reactions={"💪": ("mira", "tomas")},
        ),
        Line("tomas", on(1, "09:30"), "Tables 💪"),
        Line(
            "priya",
            on(1, "11:47"),
            "Tables too, from half past six.",
            was="Tables too, from six.",
        ),
        Line(
            "jonas",
            on(1, "20:02"),
            "This was the harbour on my way home. If the light is like "
            "that on the open day, nobody will look at toasters.",
            files=("harbour-at-dusk.jpg",),
            reactions={"😍": ("aylin", "priya"), "🌅": ("kofi",)},
        ),
        Line("aylin", on(1, "20:08"), "😍"),
        Line(
            "mira", ago(92), "Key code for tonight is with Kofi. Please ask him directly, not here."
        ),
        Line(
            "kofi",
            ago(88),
            "I whisper it for a biscuit.",
            reactions={"😂": ("mira", "jonas", "aylin")},
        ),
        Line(
            "tomas",
            ago(34),
            "The trailer has a flat tyre. Of all things. I fix it and come ten minutes later.",
        ),
        Line("aylin", ago(29), "", files=("voice-message.wav",)),
        Line(
            "priya",
            ago(21),
            "No hurry @Tomás Oliveira, the hall opens at six anyway.",
            reactions={"👍": ("tomas",)},
        ),
        Line(
            "jonas",
            ago(6),
            "I have the power strips! Found them in my own cellar. I said "
            "nothing about borrowing, ever.",
        ),
    ),
)

POSTERS = Talk(
    title="Posters & flyers",
    people=("aylin", "mira", "kofi"),
    unread={"mira": 2},
    lines=(
        Line(
            "aylin",
            on(4, "14:10"),
            "I start with the poster. Wishes, before I fall in love with a colour?",
        ),
        Line("kofi", on(4, "14:25"), "Teal! And a cup somewhere."),
        Line(
            "mira",
            on(4, "14:40"),
            "Big date, big street name. Last year people stood at the old "
            "fire station for half an hour.",
        ),
        Line(
            "aylin",
            on(3, "16:55"),
            "First versions:",
            files=("poster.png", "poster-night.png", "cup.png"),
            mark="poster",
            reactions={"❤️": ("mira", "kofi")},
        ),
        Line(
            "mira", on(3, "17:03"), "Oh, this is lovely. The cup made me laugh.", answers="poster"
        ),
        Line(
            "kofi",
            on(3, "17:20"),
            "Printed in A3 it goes to the bakery, the library and both bus stops. I asked.",
        ),
        Line("mira", on(2, "08:30"), "Forty copies are ordered, ready tomorrow at four."),
        Line(
            "aylin",
            ago(150),
            "Picked them up. The teal came out a bit greener than on the "
            "screen, I like it even more.",
        ),
        Line("kofi", ago(143), "I take ten for the market."),
    ),
)

MIRA_JONAS = Talk(
    people=("mira", "jonas"),
    unread={},
    lines=(
        Line("jonas", on(7, "19:15"), "Testing, testing. Do you get this?"),
        Line("mira", on(7, "19:16"), "Loud and clear 🙂"),
        Line(
            "jonas",
            on(7, "19:18"),
            "Good. I am putting it on the small computer in the workshop, "
            "the one with the sticker.",
        ),
        Line("mira", on(7, "19:21"), "Is that one not 10 years old?"),
        Line("jonas", on(7, "19:22"), "Eleven. It is bored."),
        Line(
            "mira",
            on(4, "21:40"),
            "A woman called about a valve radio from 1958. Would you look "
            'at it? It hums, she says, "like a fridge with a cold".',
        ),
        Line(
            "jonas",
            on(4, "21:52"),
            "Capacitors. It is nearly always the capacitors.\n\nTell her "
            "to bring it, but not to plug it in again. I mean it, these things bite.",
        ),
        Line("mira", on(4, "21:55"), "She promised. She also has tea for you."),
        Line("jonas", on(2, "19:05"), "The radio lives! Two capacitors and an afternoon."),
        Line("mira", on(2, "19:07"), "You made somebody very happy. Thank you!"),
        Line(
            "mira", ago(64), "Can you bring the long extension cord tonight? The one on the reel."
        ),
        Line("jonas", ago(61), "Already in the bag."),
    ),
)

MIRA_PRIYA = Talk(
    people=("priya", "mira"),
    unread={"mira": 1},
    own={"mira": {"draft": "Yes, Thursday is good. Shall we meet at "}},
    lines=(
        Line(
            "priya",
            on(5, "15:30"),
            "The council answered about the grant. They want the numbers "
            "of repairs, not of visitors. Do we have those?",
        ),
        Line(
            "mira",
            on(5, "16:12"),
            "Yes, on paper. Every repair gets a slip: what it was, who "
            "looked at it, whether it works again. I can type them in.",
        ),
        Line("priya", on(5, "16:20"), "You are a treasure. Until the end of the month is enough."),
        Line(
            "mira",
            on(1, "21:10"),
            'Done: 131 repairs, 96 of them successful, 11 "needs a part", '
            "24 beyond hope. Toasters lead.",
        ),
        Line(
            "priya",
            ago(118),
            "Seventy-three percent! That goes into the first sentence. Have you "
            "got half an hour on Thursday to read it over?",
        ),
    ),
)

MIRA_TOMAS = Talk(
    people=("mira", "tomas"),
    own={"mira": {"muted": True}},
    lines=(
        Line("tomas", on(6, "18:10"), "Do we still have the second repair stand?"),
        Line(
            "mira",
            on(6, "18:32"),
            "In the cellar behind the chairs. Wrapped in a curtain, do not ask.",
        ),
        Line("tomas", on(6, "18:33"), "I ask nothing."),
        Line("tomas", on(2, "07:50"), "Found it. And a tandem. Since when do we have a tandem?"),
        Line(
            "mira",
            on(2, "08:15"),
            'Since always, I think? It has been "only parked" there since the first year.',
        ),
    ),
)

MIRA_KOFI = Talk(
    people=("kofi", "mira"),
    lines=(
        Line("kofi", on(3, "11:00"), "Cake plan: apple, lemon, one vegan chocolate. Forty pieces."),
        Line("mira", on(3, "11:20"), "Fifty. People bring friends."),
        Line("kofi", on(3, "11:21"), "Fifty it is 🍰"),
        Line("mira", on(1, "18:03"), "Could the van take the long bench as well?"),
        Line("kofi", on(1, "18:20"), "If it travels diagonally, and I drive like a gentleman."),
    ),
)

AYLIN_KOFI = Talk(
    people=("aylin", "kofi"),
    unread={"kofi": 1},
    lines=(
        Line("aylin", on(2, "13:00"), "Do you have the file of last year's flyer?"),
        Line("kofi", on(2, "13:45"), "Only on paper, with a coffee ring. Very authentic."),
        Line("aylin", ago(140), "Then I draw it anew. The ring stays."),
    ),
)

TOMAS_JONAS = Talk(
    people=("tomas", "jonas"),
    lines=(
        Line("tomas", on(3, "12:30"), "A pedelec with no sign of life. Yours or mine?"),
        Line("jonas", on(3, "12:41"), "Wheels yours, wires mine. Bring it, we argue there."),
        Line("tomas", on(3, "12:42"), "Deal."),
    ),
)

TALKS = (
    CAFE,
    POSTERS,
    MIRA_JONAS,
    MIRA_PRIYA,
    MIRA_TOMAS,
    MIRA_KOFI,
    AYLIN_KOFI,
    TOMAS_JONAS,
)

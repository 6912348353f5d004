"""How each of the Realtime API's voices sounds when espeak-ng speaks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """What espeak-ng is told for one voice: language and variant, words a minute, pitch and its range (both 0-100)."""

    variant: str
    rate: int
    pitch: int
    range: int


# Chosen so that each stands apart by pitch, and its neighbours by timbre, accent or pace as well (tests measure it).
VOICES = {
    'alloy': Voice('en-us+f1', rate=165, pitch=34, range=45),
    'ash': Voice('en-us+m3', rate=172, pitch=55, range=45),
    'ballad': Voice('en-gb-x-rp', rate=145, pitch=62, range=80),
    'cedar': Voice('en-us+m7', rate=150, pitch=38, range=45),
    'coral': Voice('en-us+f2', rate=175, pitch=54, range=60),
    'echo': Voice('en-us+m1', rate=160, pitch=38, range=40),
    'marin': Voice('en-us+Annie', rate=165, pitch=45, range=55),
    'sage': Voice('en-us+f4', rate=152, pitch=48, range=40),
    'shimmer': Voice('en-us+f5', rate=170, pitch=74, range=60),
    'verse': Voice('en-gb-scotland', rate=185, pitch=78, range=60),
}

VOICE_RATE = 22_050  # samples a second, as espeak-ng speaks: mono s16

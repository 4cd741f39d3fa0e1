"""Room: capture. Paints a look upon the demo portrait, and masks of what is where in it. Nothing moves here.

Places are canvas px of the shipped portrait, set by hand on an enlargement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_look import DemoLook, Lamp, Rims, SkinTone
from mirror_app.capture.demo_portrait import DemoPortrait
from mirror_app.capture.demo_strokes import Strokes, draw_strokes
from mirror_app.domain import mesh_topology as topology

# The skin of the face as the photograph shows it, from the hat's brim to the chin, without ears and temples' hair.
_FACE: Final = (
    (323, 236), (350, 226), (380, 222), (420, 221), (460, 221), (490, 218), (510, 220), (528, 228), (542, 240),
    (549, 258), (549, 290), (546, 310), (544, 340), (541, 370), (540, 400), (540, 430), (535, 455), (528, 480),
    (515, 497), (490, 510), (465, 515), (435, 516), (405, 512), (375, 503), (350, 490), (337, 470), (330, 445),
    (322, 420), (320, 400), (317, 370), (318, 340), (319, 310), (314, 300), (316, 280), (317, 255),
)  # fmt: skip
# Face, ears and neck, generously: its colour says which pixels of it are skin.
_BARE: Final = (
    (300, 240), (350, 212), (510, 205), (560, 240), (600, 300), (590, 400), (545, 440), (535, 500), (535, 560),
    (480, 620), (400, 620), (345, 560), (335, 490), (290, 420), (265, 380), (260, 310),
)  # fmt: skip
_BARE_REGION: Final = (slice(200, 625), slice(255, 605))
# The glasses: dark bars above with their hinges, the thin rims from hinge to bridge, the bridge.
_BARS: Final = (
    (
        (306, 285), (330, 282), (355, 280), (380, 281), (395, 285), (408, 292), (385, 289), (365, 287), (352, 288),
        (340, 289), (330, 294), (324, 300), (321, 314), (317, 310), (309, 300), (301, 296),
    ),
    (
        (457, 288), (475, 280), (490, 274), (505, 271), (530, 270), (557, 272), (567, 283), (573, 297), (566, 298),
        (558, 288), (553, 289), (549, 297), (545, 302), (541, 293), (537, 284), (530, 280), (520, 279), (500, 278),
        (485, 282), (470, 287),
    ),
    ((408, 292), (440, 292), (457, 288), (450, 312), (443, 306), (425, 306), (420, 313)),
)  # fmt: skip
_THIN_RIMS: Final = (
    (
        (312, 302), (319, 315), (324, 330), (332, 346), (343, 357), (356, 362), (372, 364), (390, 361), (402, 355),
        (409, 347), (415, 335), (419, 320), (420, 308), (417, 298), (407, 292),
    ),
    (
        (457, 290), (450, 300), (449, 312), (453, 327), (459, 339), (467, 348), (479, 355), (492, 357), (510, 357),
        (524, 353), (534, 346), (541, 335), (545, 320), (547, 305), (545, 299),
    ),
)  # fmt: skip
_TOP_RIMS: Final = (
    ((303, 292), (330, 286), (355, 283), (380, 284), (395, 287), (408, 293), (432, 297), (457, 291)),
    ((457, 291), (475, 283), (490, 278), (505, 275), (530, 274), (556, 277), (568, 290), (573, 298)),
)
# Reflections of lamps in the lenses.
_GLINTS: Final = (
    ((336, 294), (344, 287), (354, 286), (352, 298), (343, 299)),
    ((521, 285), (529, 279), (541, 291), (536, 297), (526, 294)),
)
# Rows and columns around the glasses, with room for the widest mean.
_EYE_REGION: Final = (slice(200, 440), slice(240, 640))
# Wide to narrow means that fill the place of removed glasses, px; and the grain upon them, grey levels.
_FILL_PX: Final = (40.0, 16.0, 7.0)
_FILL_GRAIN: Final = 14.0
_THIN_PX: Final = 5
_THICK_PX: Final = 8
_BLACK_BGR: Final = (24, 20, 18)

# Mean skin of each tone, BGR; the photograph's own is measured on its face.
_TONES: Final = {SkinTone.PALE: (172, 188, 226), SkinTone.BROWN: (66, 96, 150), SkinTone.DARK: (44, 66, 106)}

_BEARD: Final = (
    (327, 412), (336, 424), (350, 436), (366, 436), (376, 424), (388, 412), (402, 405), (420, 402), (433, 405),
    (447, 402), (464, 405), (482, 411), (495, 422), (506, 434), (520, 434), (532, 420), (539, 408), (539, 432),
    (536, 458), (529, 484), (515, 503), (490, 520), (465, 528), (435, 531), (405, 527), (372, 514), (348, 496),
    (334, 472), (328, 445),
)  # fmt: skip
_BEARD_STROKES: Final = Strokes(
    dark_bgr=(20, 24, 30), light_bgr=(64, 76, 92), lengths_px=(6, 15), away_from_xy=(434, 385), px_per_stroke=1.8
)
# Locks that hang from the hat's brim, with skin between them.
_FRINGE: Final = (
    ((308, 225), (346, 205), (334, 236), (318, 276), (312, 258)), ((336, 205), (360, 205), (352, 246), (333, 281)),
    ((352, 205), (384, 205), (377, 246), (362, 286)), ((380, 205), (404, 205), (393, 240), (373, 272)),
    ((402, 205), (428, 205), (424, 246), (409, 279)), ((420, 205), (444, 205), (436, 236), (421, 262)),
    ((444, 205), (472, 205), (464, 246), (446, 284)), ((468, 205), (492, 205), (484, 240), (466, 268)),
    ((488, 205), (514, 205), (509, 246), (494, 281)), ((512, 205), (534, 212), (528, 240), (511, 271)),
    ((528, 215), (556, 240), (555, 264), (541, 284), (534, 250)),
)  # fmt: skip
_FRINGE_STROKES: Final = Strokes(
    dark_bgr=(22, 34, 52), light_bgr=(70, 104, 146), lengths_px=(14, 34), away_from_xy=(520, -150), px_per_stroke=2.6
)
# What hangs from under the hat is seen below this line only.
_BELOW_BRIM: Final = (
    (300, 244), (323, 229), (350, 219), (380, 215), (420, 214), (460, 214), (490, 211), (510, 213), (528, 221),
    (545, 235), (568, 254), (568, 300), (300, 300),
)  # fmt: skip


def made_up(portrait: DemoPortrait, look: DemoLook) -> DemoPortrait:
    """The portrait with a look; the default look gives the portrait itself back."""
    if replace(look, lamp=Lamp.OWN) == DemoLook():
        return portrait
    open_eyes, shut_eyes = (_painted(canvas, portrait, look) for canvas in (portrait.canvas, portrait.shut_canvas))
    return replace(portrait, canvas=open_eyes, shut_canvas=shut_eyes)


def _painted(canvas: NDArray[np.uint8], portrait: DemoPortrait, look: DemoLook) -> NDArray[np.uint8]:
    bgr = np.ascontiguousarray(canvas[..., :3])
    if look.glasses is Rims.NONE:
        bgr = _without_glasses(bgr)
    if look.skin_tone is not SkinTone.OWN:
        bgr = _toned(bgr, _TONES[look.skin_tone], portrait)
    if look.beard:
        bgr = draw_strokes(bgr, _beard_area(portrait), _BEARD_STROKES)[0]
    if look.fringe:
        hair, _ = draw_strokes(bgr, _filled(bgr.shape, *_FRINGE), _FRINGE_STROKES)
        below = _filled(bgr.shape, _BELOW_BRIM)[..., None] / np.float32(255)
        bgr = np.rint(bgr + below * (hair.astype(np.float32) - bgr)).astype(np.uint8)
    if look.glasses is Rims.THICK:
        opaque = _thick_glasses(bgr.shape)[..., None] / np.float32(255)
        bgr = np.rint(bgr + opaque * (np.array(_BLACK_BGR, np.float32) - bgr)).astype(np.uint8)
    return np.dstack([np.minimum(bgr, canvas[..., 3:]), canvas[..., 3]])


def masks_of(portrait: DemoPortrait, look: DemoLook) -> tuple[DemoPortrait, DemoPortrait]:
    """The portrait with masks in place of its colours: posed and drawn alike, they are the truth about a picture.

    Returns:
        Two portraits; 255 = there. The first one's blue is bare skin of the face, its green glasses, its red fringe;
        the second one's blue is the face from the hat's brim to the chin with all that is on it, its green beard.
    """
    shape = portrait.canvas.shape[:2]
    glasses = {Rims.OWN: _own_glasses, Rims.THICK: _thick_glasses, Rims.NONE: _nothing}[look.glasses](shape)
    fringe = _nothing(shape)
    if look.fringe:
        fringe = draw_strokes(portrait.canvas[..., :3], _filled(shape, *_FRINGE), _FRINGE_STROKES)[1]
        fringe = np.minimum(fringe, _filled(shape, _BELOW_BRIM))
    beard = _grown(_beard_area(portrait), 9) if look.beard else _nothing(shape)
    face = _filled(shape, _FACE)
    skin = face
    for hidden in (glasses, fringe, beard):
        skin = _less(skin, hidden)
    worn = _with_masks(portrait, (_less(skin, _eyes(portrait)), glasses, fringe), (skin, glasses, fringe), 0)
    beneath = _with_masks(portrait, (face, beard, _nothing(shape)), (face, beard, _nothing(shape)), 255)
    return worn, beneath


def _with_masks(
    portrait: DemoPortrait, eyes_open: Sequence[NDArray[np.uint8]], eyes_shut: Sequence[NDArray[np.uint8]], mouth: int
) -> DemoPortrait:
    """The portrait with three masks for colours; `mouth` is the first one's value inside the mouth."""
    alpha = portrait.canvas[..., 3]
    inside = np.zeros_like(portrait.mouth)
    inside[..., 0] = mouth
    return replace(
        portrait,
        canvas=np.dstack([*eyes_open, alpha]),
        shut_canvas=np.dstack([*eyes_shut, alpha]),
        mouth=inside,
        background=np.zeros_like(portrait.background),
    )


def _toned(bgr: NDArray[np.uint8], tone_bgr: tuple[float, float, float], portrait: DemoPortrait) -> NDArray[np.uint8]:
    """The picture with its skin multiplied to another mean; shading and pores stay."""
    own = np.median(bgr[_filled(bgr.shape, _FACE) > 0].astype(np.float32), axis=0)
    tone = np.array(tone_bgr, np.float32)
    factors, powers = tone / own, np.log(tone / 255) / np.log(own / 255)
    bare = bgr[_BARE_REGION].astype(np.float32)
    hue, saturation, value = cv2.split(cv2.cvtColor(bgr[_BARE_REGION], cv2.COLOR_BGR2HSV))
    # Skin of the photograph is orange; hair is grey, rims, cloth and shadows are dark, glints are white.
    orange = (np.minimum(hue, 180 - hue) < 22) & (saturation > 50) & (value > 55)
    share = cv2.GaussianBlur((orange * np.uint8(255)) & _filled(bgr.shape, _BARE)[_BARE_REGION], (0, 0), 1.6)
    eyeballs = np.asarray(cv2.erode(_eyes(portrait), np.ones((5, 5), np.uint8)))[_BARE_REGION]
    share = cv2.subtract(share, cv2.GaussianBlur(eyeballs, (0, 0), 1.0))[..., None] / np.float32(255)
    # Darker by a factor, as less light comes back; lighter by a power, so that highlights do not burn out.
    toned = np.where(powers < 1, 255 * (bare / 255) ** powers, bare * np.minimum(factors, 1))
    painted = bgr.copy()
    painted[_BARE_REGION] = np.rint(bare + share * (toned - bare))
    return painted


def _without_glasses(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with skin in place of rims and reflections: colours of round about, wide and narrow, and grain.

    The hair at the temples is no skin: it lends no colour.
    """
    around = bgr[_EYE_REGION].astype(np.float32)
    worn = _grown(_own_glasses(bgr.shape), 7)
    known = (_less(_filled(bgr.shape, _FACE), worn)[_EYE_REGION] > 127).astype(np.float32)[..., None]
    filled = np.zeros_like(around)
    for sigma_px in _FILL_PX:
        weight = cv2.GaussianBlur(known, (0, 0), sigma_px)[..., None]
        means = cv2.GaussianBlur(around * known, (0, 0), sigma_px) / np.maximum(weight, 1e-6)
        filled += np.clip(weight * 4, 0, 1) * (means - filled)
    grain = np.random.default_rng(3).standard_normal(around.shape[:2], np.float32)
    filled += cv2.GaussianBlur(grain, (0, 0), 1.0)[..., None] * _FILL_GRAIN
    share = cv2.GaussianBlur(worn[_EYE_REGION], (0, 0), 1.5)[..., None] / np.float32(255)
    without = bgr.copy()
    without[_EYE_REGION] = np.rint(np.clip(around + share * (filled - around), 0, 255))
    return without


def _own_glasses(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """(h, w) uint8, 255 = the photograph's rims, hinges and reflections."""
    mask = _filled(shape, *_BARS, *_GLINTS)
    for line in _THIN_RIMS:
        cv2.polylines(mask, [np.array(line, np.int32)], False, 255, _THIN_PX, cv2.LINE_AA)
    return mask


def _thick_glasses(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = _filled(shape, *_BARS)
    for line in (*_THIN_RIMS, *_TOP_RIMS):
        cv2.polylines(mask, [np.array(line, np.int32)], False, 255, _THICK_PX, cv2.LINE_AA)
    return mask


def _nothing(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.zeros(shape[:2], np.uint8)


def _eyes(portrait: DemoPortrait) -> NDArray[np.uint8]:
    rings = (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)
    return _filled(portrait.canvas.shape, *(portrait.points[list(ring)] for ring in rings))


def _beard_area(portrait: DemoPortrait) -> NDArray[np.uint8]:
    """(h, w) uint8, 255 where the beard grows: around the lips, with their red left free."""
    shape = portrait.canvas.shape
    lips = _filled(shape, portrait.points[list(topology.LIPS_OUTER)])
    return _less(_filled(shape, _BEARD), _grown(lips, 5))


def _less(mask: NDArray[np.uint8], taken: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.subtract(mask, taken), np.uint8)


def _grown(mask: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, np.ones((side_px, side_px), np.uint8)), np.uint8)


def _filled(shape: tuple[int, ...], *rings: object) -> NDArray[np.uint8]:
    """(h, w) uint8, 255 inside closed lines of canvas px, with a soft edge."""
    mask = _nothing(shape)
    for ring in rings:
        cv2.fillPoly(mask, [np.rint(np.array(ring) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask

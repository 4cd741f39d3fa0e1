"""Room: tests. Remarks about a photo: every one in both languages, and what they come to."""

from __future__ import annotations

import pytest

from mirror_app.language import open_words
from mirror_app.targets.remarks import REMARKS, Badge, PhotoCheck, Remark, check_from_words, joint_check


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_is_a_sentence_in_english_and_in_chinese(remark: Remark) -> None:
    sentence = REMARKS[remark]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert open_words("zh_CN")(sentence).endswith("。")


@pytest.mark.parametrize(
    ("remarks", "badge"),
    [
        ((), Badge.GOOD),
        ((Remark.SHADOW,), Badge.FAIR),
        ((Remark.TURNED, Remark.SHADOW, Remark.GLASSES), Badge.FAIR),
        ((Remark.TURNED, Remark.SHADOW, Remark.GLASSES, Remark.BLURRED), Badge.POOR),
        ((Remark.PROFILE,), Badge.POOR),
        ((Remark.TINY,), Badge.POOR),
    ],
)
def test_the_badge_sums_the_remarks_up(remarks: tuple[Remark, ...], badge: Badge) -> None:
    assert PhotoCheck(remarks).badge is badge


def test_of_several_photos_only_what_all_share_is_held_against_them() -> None:
    checks = [
        PhotoCheck((Remark.TURNED, Remark.SHADOW, Remark.GLASSES)),
        PhotoCheck((Remark.SHADOW, Remark.GLASSES, Remark.DARK)),
    ]
    assert joint_check(checks) == PhotoCheck((Remark.SHADOW, Remark.GLASSES))
    assert joint_check(checks[:1]) == checks[0]


def test_a_check_comes_back_from_its_words_and_words_of_later_versions_are_passed_over() -> None:
    check = PhotoCheck((Remark.SMALL, Remark.MOUTH_OPEN))
    assert check_from_words(["mouth-open", "sunburn", "small"]) == check

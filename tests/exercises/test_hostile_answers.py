"""Whatever an answer does, check() gives a short verdict."""

from __future__ import annotations

import pytest

from ift6135_lib import check
from ift6135_lib.exercises import reference
from tests.exercises.sample_reference import answer, write


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """A chapter of the exercises momentum-step and total."""
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.delenv("IFT6135_LANG", raising=False)
    return write(tmp_path)


def say(body: str, lang: str = "en") -> str:
    verdict = check("momentum-step", answer(body), lang=lang)
    assert not verdict and verdict.passed is False
    return verdict.text


def test_printing_neither_shows_nor_overflows(capsys):
    body = "print('x' * 10**5)\nv = rho * v + g\nreturn theta - eta * v, "
    assert check("momentum-step", answer(body + "v"))
    assert len(say(body + "-v")) < 700
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "body",
    [
        "return object()",
        "return (x for x in theta)",
        "return theta.to_sparse(), v",
        "return {theta: v}",
        "loop = []\nloop.append(loop)\nreturn loop",
        "return [[[[[[[[[[theta]]]]]]]]]], v",
        "return 10**5000, 10**5000",
        "return 'x' * 10**7, v",
        "return torch.empty(3, device='meta'), v",
        "return theta * 1j, v",
        "class Odd:\n    def __repr__(self):\n        1 / 0\nreturn Odd(), v",
        "class Odd(torch.Tensor):\n    pass\nreturn theta.as_subclass(Odd), v",
        "def again():\n    again()\nagain()",
        "del theta, v\nreturn torch.zeros(0), torch.zeros(0)",
        "raise StopIteration",
        "raise ExceptionGroup('many', [ValueError()])",
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_whatever_an_answer_does_a_verdict_is_given(body, lang):
    text = say(body, lang)
    assert 2 <= len(text.split("\n")) <= 8 and len(text) < 1000
    check("momentum-step", answer(body), lang=lang)._repr_html_()

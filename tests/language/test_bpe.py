"""The byte-pair tokenizer against the library ``tokenizers``."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import random
import sys
import unicodedata

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from ift6135_lib.corpus import shakespeare
from ift6135_lib.language import BPE, fertility, merge, pair_counts, pieces
from ift6135_lib.language.merges import BYTES, LETTERS

ENGLISH = shakespeare(device="cpu")
ENGLISH = ENGLISH.decode(ENGLISH.val[:60_000])
FRENCH = """Maître Corbeau, sur un arbre perché, tenait en son bec un fromage. Maître
Renard, par l'odeur alléché, lui tint à peu près ce langage : « Hé ! bonjour, Monsieur
du Corbeau. Que vous êtes joli ! que vous me semblez beau ! Sans mentir, si votre ramage
se rapporte à votre plumage, vous êtes le Phénix des hôtes de ces bois. » À ces mots le
Corbeau ne se sent pas de joie ; et pour montrer sa belle voix, il ouvre un large bec,
laisse tomber sa proie.  Le Renard s'en saisit, et dit : « Mon bon Monsieur, apprenez
que tout flatteur vit aux dépens de celui qui l'écoute : cette leçon vaut bien un
fromage, sans doute. »\tLe Corbeau, honteux et confus, jura, mais un peu tard, qu'on ne
l'y prendrait plus. 1668, 12 fables…\n\n\nŒuvre naïve, où l'été dure."""
ODD = [
    "",
    " ",
    "\n\n\n",
    "  deux  espaces  ",
    "été, naïve, cœur, À l'œuvre ; ça coûte 12½ €",
    "e\u0301te\u0301 decomposed",
    "汉字 かな 한국어 العربية עברית ไทย",
    "👩‍👩‍👧‍👦 🇨🇦 👍🏽",
    "tabs\tand\r\nreturns\x00\x1f",
    "it's we'll I'd they've don't IT'S",
    "x²+y²=z² Ⅷ ٣ 12,345.67",
    "_under_score_ #!$ --- ... …",
    "\ufeff\u200b\u2028\u2029\ufffd",
]


def trained_by_the_library(text, merges):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + merges,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def named(bpe):
    """Merges as bytes, in order."""
    return [(bpe.tokens[a], bpe.tokens[b]) for a, b in bpe.merges]


@pytest.mark.parametrize(
    "text", [ENGLISH, FRENCH, " ".join(ODD)], ids=["en", "fr", "odd"]
)
def test_the_merges_are_the_librarys(text):
    theirs = trained_by_the_library(text, 400)
    ours = BPE.train(text, 400)
    copied = BPE.from_huggingface(theirs)
    assert named(ours) == named(copied)
    assert len(ours) == len(copied) == theirs.get_vocab_size()
    for sample in [text, ENGLISH[:5000], FRENCH, *ODD]:
        assert ours.encode(sample) == theirs.encode(sample).ids


def test_bytes_are_numbered_as_gpt2_does():
    theirs = trained_by_the_library("a", 0)
    assert sorted(BYTES) == [*range(256)]
    for letter, byte in LETTERS.items():
        assert theirs.token_to_id(letter) == BYTES.index(byte)
    for byte in range(128):
        assert BPE().encode(chr(byte)) == theirs.encode(chr(byte)).ids


def random_text(length, generator):
    """Any characters but lone surrogates, which are no text."""
    points = [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]
    return "".join(chr(generator.choice(points)) for _ in range(length))


def test_the_round_trip_is_exact_on_any_text():
    generator = random.Random(0)
    for bpe in (BPE(), BPE.train(FRENCH, 300), BPE.train(ENGLISH, 100)):
        for text in [*ODD, FRENCH, ENGLISH[:2000], random_text(3000, generator)]:
            assert bpe.decode(bpe.encode(text)) == text


def test_pieces_are_the_librarys():
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False)
    generator = random.Random(1)
    known = [
        chr(i)
        for i in range(0x20, 0x3000)
        if unicodedata.category(chr(i)) not in ("Cn", "Cc", "Co", "Cs")
    ]
    alphabets = [[*"ab1 .'\n\t_éœ", "’s", "'s"], known]
    texts = [FRENCH, *ODD]
    for alphabet in alphabets:
        texts += ["".join(generator.choices(alphabet, k=60)) for _ in range(200)]
    for text in texts:
        found = pieces(text)
        assert "".join(found) == text
        spans = [span for _, span in cut.pre_tokenize_str(text)]
        assert [len(piece) for piece in found] == [b - a for a, b in spans], text


def test_no_token_spans_two_words():
    bpe = BPE.train("de la de la de la de la " * 20, 50)
    assert max(len(token) for token in bpe.tokens) == 3
    assert bpe.encode("de la") == [bpe.number[b"de"], bpe.number[b" la"]]


def test_the_most_frequent_pair_is_merged_first():
    words = {(1, 2, 3): 2, (2, 3): 3, (1, 2): 4}
    counts = pair_counts(words)
    assert counts == {(1, 2): 6, (2, 3): 5}
    assert merge((1, 2, 1, 2, 2), (1, 2), 7) == (7, 7, 2)
    assert merge((2, 2, 2, 2, 2), (2, 2), 7) == (7, 7, 2)
    assert merge((), (1, 2), 7) == () and merge((1,), (1, 1), 7) == (1,)


def test_more_merges_make_fewer_tokens():
    text = ENGLISH[:15_000]
    lengths = [len(BPE.train(text, n).encode(text)) for n in (0, 10, 100, 500)]
    assert lengths[0] == len(text.encode()) > lengths[1] > lengths[2] > lengths[3]
    # training ends when nothing is left to merge
    assert len(BPE.train("abab", 50).merges) == 2


def test_english_tokens_cost_more_in_french():
    bpe = BPE.train(ENGLISH, 500)
    assert fertility(bpe, FRENCH) > 1.1 * fertility(bpe, ENGLISH[:3000])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BPE.train("a", -1), "merges .* ≥ 0, got -1"),
        (lambda: BPE([(0, 256)]), "\\(0, 256\\) holds a token"),
        (lambda: BPE().decode([256]), "256; there are 256"),
        (lambda: BPE().decode([-1]), "from -1"),
        (lambda: fertility(BPE(), " \n"), "no word"),
        (
            lambda: BPE.from_huggingface(Tokenizer(models.WordPiece())),
            "of the kind WordPiece; give a byte-level",
        ),
        (lambda: BPE.from_huggingface(Tokenizer(models.BPE())), "byte-level"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_other_numbers_are_refused():
    special = Tokenizer(models.BPE())
    special.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=270,
        special_tokens=["<pad>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    special.train_from_iterator([FRENCH], trainer)
    with pytest.raises(ValueError, match="puts other tokens before the bytes"):
        BPE.from_huggingface(special)


def test_half_a_character_is_replaced():
    bpe = BPE()
    assert bpe.decode(bpe.encode("é")[:1]) == "�"


def test_the_tokenizers_of_transformers_are_read_as_well():
    theirs = PreTrainedTokenizerFast(
        tokenizer_object=trained_by_the_library(FRENCH, 200)
    )
    ours = BPE.from_huggingface(theirs)
    for text in [FRENCH, *ODD]:
        assert ours.encode(text) == theirs.encode(text, add_special_tokens=False)


def test_two_merges_may_spell_the_same_token():
    a, b, c = BPE().encode("abc")
    bpe = BPE([(a, b), (256, c), (b, c), (a, 258)])
    assert bpe.tokens[256:] == [b"ab", b"abc", b"bc"]
    assert bpe.merges[a, 258] == bpe.merges[256, c] == 257
    assert bpe.encode("abc bc") == [257, BPE().encode(" ")[0], 258]

"""Words, tokens and language models that are no transformer, of chapter 9."""

from .analogy import analogy, nearest
from .antecedents import Question, antecedents, ask
from .bpe import BPE
from .contexts import context_pairs, context_windows
from .cooccurrence import cooccurrence, pmi, svd_vectors
from .fertility import fertility
from .grammar import tiny_world, world_analogies
from .merges import Pair, merge, pair_counts
from .negative_sampling import (
    negative_sampling_gradients,
    negative_sampling_loss,
    noise_law,
)
from .neural_ngram import NPLM, ngrams
from .ngram import NGram
from .perplexity import perplexity, perplexity_from_probs
from .pretokens import pieces
from .reviews import encode_reviews, review_vocabulary, toy_reviews
from .vocabulary import Vocab, one_hot
from .word2vec import CBOW, SkipGram, expected_loss, sampling_loss

__all__ = [
    "BPE",
    "CBOW",
    "NPLM",
    "NGram",
    "Pair",
    "Question",
    "SkipGram",
    "Vocab",
    "analogy",
    "antecedents",
    "ask",
    "context_pairs",
    "context_windows",
    "cooccurrence",
    "encode_reviews",
    "expected_loss",
    "fertility",
    "merge",
    "nearest",
    "negative_sampling_gradients",
    "negative_sampling_loss",
    "ngrams",
    "noise_law",
    "one_hot",
    "pair_counts",
    "perplexity",
    "perplexity_from_probs",
    "pieces",
    "pmi",
    "review_vocabulary",
    "sampling_loss",
    "svd_vectors",
    "tiny_world",
    "toy_reviews",
    "world_analogies",
]

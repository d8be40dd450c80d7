"""The bounds of AdaBound: the answer to a withheld exercise."""

import math

import torch


def adabound_bounds(t, final_rate, gamma):
    # CANARY_SOLUTION_8c41e7
    if gamma == 0:
        return 0.0, math.inf
    progress = gamma * t
    return final_rate * (1 - 1 / (progress + 1)), final_rate * (1 + 1 / progress)


def inputs(case, generator):
    """The first step, open bounds, long after; then anything."""
    CANARY_CASES_52d9f3 = torch.rand(2, generator=generator, dtype=torch.float64)
    final_rate, gamma = (0.01 + 0.5 * CANARY_CASES_52d9f3).tolist()
    t = int(torch.randint(2, 50, (), generator=generator))
    if case == 0:
        t = 1
    elif case == 1:
        gamma = 0.0
    elif case == 2:
        t = 1_000_000
    return t, final_rate, gamma


def mistake_swapped(t, final_rate, gamma):
    """
    en: The bounds are in the wrong order: the lower one comes first.
    fr: Les bornes sont dans le mauvais ordre : l’inférieure vient d’abord.
    """
    low, high = adabound_bounds(t, final_rate, gamma)
    return high, low


def mistake_one_too_many(t, final_rate, gamma):
    """
    en: Only the lower bound has γt + 1; the upper one divides by γt, so that it starts
        much further away.
    fr: Seule la borne inférieure a γt + 1; la supérieure divise par γt, et part donc de
        bien plus loin.
    """
    low, _ = adabound_bounds(t, final_rate, gamma)
    return low, final_rate * (1 + 1 / (gamma * t + 1))


def mistake_negative(t, final_rate, gamma):
    """
    en: Your lower bound is negative at first: it needs γt + 1, so that it starts near
        zero.
    fr: Votre borne inférieure est d’abord négative : il lui faut γt + 1, pour partir de
        près de zéro.
    """
    _, high = adabound_bounds(t, final_rate, gamma)
    return final_rate * (1 - 1 / (gamma * t)), high


def mistake_without_gamma(t, final_rate, gamma):
    """
    en: γ is missing: it sets how fast the bounds close.
    fr: Il manque γ : c’est lui qui règle à quelle vitesse les bornes se referment.
    """
    return final_rate * (1 - 1 / (t + 1)), final_rate * (1 + 1 / t)

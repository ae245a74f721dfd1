"""Which models are trending: computed by a schedule from what happened in the last days.

A download counts five, a like three and a view a tenth; what happened d days ago counts
2^(-d/2) of that. The 24 models with the highest sums are trending, if theirs is 3 or more:

    score = Σ over the last 14 days of (5·downloads + 3·likes + 0.1·views) · 2^(-age in days / 2)
"""

import math
from collections import defaultdict
from datetime import date, timedelta

from nexus.table.catalogue import find_models, is_on_sale
from nexus.table.counters import CountersItem, active_models
from nexus.table.trending import mark_trending

DAYS = 14
HALF_LIFE_DAYS = 2.0
DOWNLOAD, LIKE, VIEW = 5.0, 3.0, 0.1
LEAST_SCORE = 3.0
MOST = 24
CANDIDATES = 3 * MOST
"""More than can be trending, because some of them may be off the market."""


def score(day: CountersItem, age_days: int) -> float:
    """What one day of a model adds to its score."""
    happened: float = DOWNLOAD * day.downloads + LIKE * day.likes + VIEW * day.views
    return happened * math.exp2(-age_days / HALF_LIFE_DAYS)


def compute_trending(today: date) -> list[int]:
    """Mark the models that are trending today, and tell their ids, the highest score first."""
    scores: defaultdict[int, float] = defaultdict(float)
    for age in range(DAYS):
        for item in active_models(today - timedelta(days=age)):
            scores[int(item.gsi1_sk or 0)] += score(item, age)
    best = sorted(scores, key=lambda each: (-scores[each], each))[:CANDIDATES]
    on_sale = {model_id for model_id, model in find_models(best).items() if is_on_sale(model)}
    chosen = [each for each in best if each in on_sale and scores[each] >= LEAST_SCORE][:MOST]
    mark_trending(chosen)
    return chosen

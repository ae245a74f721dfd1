"""Guards switched off one by one, each noticed by a named test: `make mutants`."""

from tests.mutants import edges, money, people, things

MUTANTS = (*people.MUTANTS, *money.MUTANTS, *things.MUTANTS, *edges.MUTANTS)

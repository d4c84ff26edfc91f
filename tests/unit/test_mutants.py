"""What `python3 -m tests mutate` changes in a module, and what it leaves alone."""

import ast

from tests.mutation.mutants import mutants

SOURCE = '''
"""A module."""
LIMIT = 5

class Box:
    size: int = 3

    def take(self, number: int, most: int = 7) -> bool:
        """Whether it fits."""
        assert number > 0
        LOG.info("taking %d", number)
        self.taken += number
        if number <= most and not self.full:
            return True
        say(f"{number + 1} is too much")
        return any(one > 2 for one in self.boxes if one)
'''


def changed() -> list[str]:
    return sorted(f"{one.line} {one.mutation.partition(':')[0]}" for one in mutants(SOURCE))


def test_each_mutant_differs_in_one_place_of_a_function() -> None:
    assert changed() == [
        "12 dropped",
        "12 operator exchanged",
        "13 branches exchanged",
        "13 comparison turned",
        "13 operator exchanged",
        "14 True made False",
        "14 dropped",
        "15 dropped",
        "16 2 made 3",
        "16 any exchanged",
        "16 comparison turned",
        "16 condition turned",
        "16 dropped",
        "8 7 made 8",
    ]


def test_every_mutant_is_a_module_that_can_be_compiled_and_is_another() -> None:
    made = [ast.unparse(one.tree) for one in mutants(SOURCE)]
    for source in made:
        compile(source, "mutant", "exec")
    assert len({*made, ast.unparse(ast.parse(SOURCE))}) == len(made) + 1


def test_a_mutant_names_its_function() -> None:
    assert {one.function for one in mutants(SOURCE)} == {"Box.take"}

"""Ways to compare outputs that are asked for, where nbval's letter by letter is too strict."""

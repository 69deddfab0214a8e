"""What an attacker tries from outside, against the product as `echosphere serve` starts it."""

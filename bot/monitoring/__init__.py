"""What money did: each rule is a pure function of one seller's window, and a row that says who may know."""

from __future__ import annotations

from bot.monitoring.rules import RULES, Hit, Rule, Window, watch

__all__ = ["RULES", "Hit", "Rule", "Window", "watch"]

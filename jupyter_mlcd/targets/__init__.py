"""Targets: how environments are reached. Built-ins and plug-ins come through the same door."""

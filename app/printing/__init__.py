"""Marks (app/domain/printing) put on paper and into pictures, in type that has Hangul, Latin and Hanja."""

"""A face mirror: see yourself, at camera speed, with another face.

The map. A frame walks through five rooms, joined by `render` and `pipeline`:

    capture -> faces -> swap -> compose -> deliver

`domain` holds the words, `imaging` the pixel work, `runtime` runs networks, `targets` keeps the faces people pick,
`tools` measures, `gui` and `cli` are the doors, `app` builds the desktop app. Imports run one way only:
cli -> app -> gui -> tools -> pipeline -> render -> the rooms -> runtime | imaging -> settings -> resources -> domain.
"""

__version__ = "0.1.0"

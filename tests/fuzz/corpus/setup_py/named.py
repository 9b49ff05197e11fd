#!/usr/bin/env python
from setuptools import find_packages, setup

NAME = "cinder"
setup(
    name=NAME, version='1.0', description="""a
    thing""",
    packages=find_packages(exclude=['tests']),  # name="other"
    entry_points={'console_scripts': ['cinder-api = cinder.cmd:main']},
)

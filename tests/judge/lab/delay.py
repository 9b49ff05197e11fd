"""A WSGI middleware that makes requests take longer, by rules that are read anew when their file changes.

The file that DELAY_RULES names has lines `METHOD REGULAR-EXPRESSION SECONDS`; what was delayed, and when, goes to
the file that DELAY_LOG names. DELAY_WRAPS names the real application: DELAY_WRAPS=keystone.wsgi.api:application.
"""
import importlib
import os
import re
import time

RULES, LOG = os.environ["DELAY_RULES"], os.environ["DELAY_LOG"]


class Delay:
    def __init__(self, wrapped):
        self.wrapped, self.read, self.rules = wrapped, None, []

    def __call__(self, environ, start_response):
        changed = os.stat(RULES).st_mtime_ns
        if changed != self.read:
            with open(RULES) as file:
                rules = [line.split() for line in file if line.strip()]
            self.read, self.rules = changed, [(verb, re.compile(path), float(seconds)) for verb, path, seconds in rules]
        verb, path = environ["REQUEST_METHOD"], environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        for ruled, pattern, seconds in self.rules:
            if verb == ruled and pattern.fullmatch(path):
                with open(LOG, "a") as file:
                    file.write("%.3f %s %s\n" % (time.time(), verb, path))
                time.sleep(seconds)
                break
        return self.wrapped(environ, start_response)


module, name = os.environ["DELAY_WRAPS"].split(":")
application = Delay(getattr(importlib.import_module(module), name))

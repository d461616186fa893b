"""Services that Reveal talks to, as servers on this machine."""

"""Questions to the real services, for somebody who has an account there."""

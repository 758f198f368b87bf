"""Settings -> how the newsletter itself is, with a cure for what is not well."""

from newsletter.checkup.diagnoses import Diagnosis, Health
from newsletter.checkup.examining import examine

__all__ = ["Diagnosis", "Health", "examine"]

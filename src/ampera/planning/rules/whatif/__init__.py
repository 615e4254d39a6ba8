"""What if: a city's backlog day by day, a thousand times over, and what would change it.

`scenario` is what is asked, `reading` takes it from a file; both are light. `tables`, `futures`,
`stock`, `steps`, `answers` and `levers` compute with NumPy: whoever only keeps or shows a scenario
does not load it.
"""

from __future__ import annotations

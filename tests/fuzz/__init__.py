"""Does any body whatever make the service fail, hang, swell, or repeat what a chart says?

`routes` sends a body, `promises` says what must hold of every answer, `hostile_json` spoils good
bodies. The tests, the property tests and `make fuzz` all go through these three.
"""

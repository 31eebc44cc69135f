"""What the calendar checks found: collected, told once each, and counted."""

# Told of one sort at most this often; the rest is counted, so that one fault in the program stays readable.
MOST_TOLD_OF_ONE_SORT = 20


class Problems:
    def __init__(self):
        self.found = set()  # (sort, text)

    def add(self, sort, text):
        self.found.add((sort, text))

    def show(self):
        """Prints what was found, one problem to a line, and gives their number."""
        told = {}
        for sort, text in sorted(self.found):
            told[sort] = told.get(sort, 0) + 1
            if told[sort] <= MOST_TOLD_OF_ONE_SORT:
                print(text)
        for sort, count in told.items():
            if count > MOST_TOLD_OF_ONE_SORT:
                print(f"… and {count - MOST_TOLD_OF_ONE_SORT} more like these ({sort})")
        return len(self.found)

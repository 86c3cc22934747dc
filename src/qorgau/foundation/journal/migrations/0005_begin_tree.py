"""The entries of before become leaves of the tree, and the next entry says what they were."""

import datetime as dt
import uuid

from django.db import migrations

from qorgau.foundation.journal.chain import canonical_details, digest_of_entry
from qorgau.foundation.proofs.merkle_tree import GrowingTree, leaf_hash

STORED_FROM_LEVEL = 8
AT_ONCE = 2000
NOTHING = bytes(32)
# More rows cannot be missing by an accident of the numbering alone; what is beyond is not numbered.
MOST_MISSING = 1_000_000


def begin(apps, schema_editor):
    JournalHead = apps.get_model("journal", "JournalHead")
    head = JournalHead.objects.select_for_update().filter(pk=1).first()
    if head is None or head.sequence == 0:
        return
    writer = Writer(apps)
    JournalEntry = apps.get_model("journal", "JournalEntry")
    rows = JournalEntry.objects.filter(sequence__gt=0, sequence__lte=head.sequence)
    for number, digest in (
        rows.order_by("sequence").values_list("sequence", "digest").iterator(chunk_size=5000)
    ):
        writer.append_up_to(number - 1)
        writer.append(bytes.fromhex(digest))
    # Rows cut off the end, which the head knows of, are leaves too: their numbers are taken.
    writer.append_up_to(head.sequence)
    row = JournalEntry(
        sequence=head.sequence + 1,
        at=dt.datetime.now(dt.UTC),
        actor="",
        actor_kind="system",
        action="journal.tree_begun",
        subject_kind="journal",
        subject_uuid=uuid.UUID(int=0),
        details=canonical_details(
            {"size": head.sequence, "head": head.digest, "root": writer.tree.root().hex()}
        ),
        previous_digest=head.digest,
    )
    row.digest = digest_of_entry(row)
    row.save(force_insert=True)
    writer.append(bytes.fromhex(row.digest))
    writer.write()
    head.sequence, head.digest, head.edge = row.sequence, row.digest, writer.tree.edge
    head.save()


class Writer:
    """Grows the tree, and writes its nodes a few thousand at a time."""

    def __init__(self, apps):
        self.JournalNode = apps.get_model("journal", "JournalNode")
        self.tree = GrowingTree()
        self.nodes = []

    def append_up_to(self, size):
        """Missing rows are leaves of their own kind, so that a leaf stays at its number."""
        if size - self.tree.size > MOST_MISSING:
            raise ValueError(
                f"The journal misses its entries {self.tree.size + 1} to {size}."
                " Restore it from a backup before this version is installed."
            )
        while self.tree.size < size:
            self.append(NOTHING)

    def append(self, entry):
        self.nodes += [
            self.JournalNode(level=level, index=index, hash=value)
            for level, index, value in self.tree.append(leaf_hash(entry))
            if level >= STORED_FROM_LEVEL
        ]
        if len(self.nodes) >= AT_ONCE:
            self.write()

    def write(self):
        self.JournalNode.objects.bulk_create(self.nodes, batch_size=500)
        self.nodes = []


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_tree")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]

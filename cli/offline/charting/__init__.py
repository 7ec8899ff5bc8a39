"""`stadga chart`: the control chart of one metric of one group, as a document and as a picture of it."""

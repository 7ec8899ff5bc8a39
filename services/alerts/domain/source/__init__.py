"""What the contact of a source is told: that it is late, still is, is back, or that something else is wrong with it."""

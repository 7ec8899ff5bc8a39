"""What payroll systems export, as events: rows of employments, and PAXml time transactions rebuilt into spells."""

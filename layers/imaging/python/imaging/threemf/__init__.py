"""3MF: a zip of XML documents that tell what to print."""

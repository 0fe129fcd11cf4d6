"""Where the words of a claim stand after the text around them was changed."""

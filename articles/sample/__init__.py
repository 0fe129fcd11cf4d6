"""Our own fictional wire stories, read at the first start and by the tests."""

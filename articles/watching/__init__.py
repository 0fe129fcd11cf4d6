"""Places that are watched for stories: feeds, sitemaps, WordPress sites. They ask and read; they store nothing."""

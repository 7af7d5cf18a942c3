"""A local Bot API server and a chat page: any Telegram bot runs against it without Telegram."""

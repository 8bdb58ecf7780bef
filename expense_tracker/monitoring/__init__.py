"""What an operator sees besides the log: metrics, errors sent to Sentry, and traces sent to OpenTelemetry."""

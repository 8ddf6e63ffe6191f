## Titles of documents and of what is in them

report-packets = Packets
report-exchanges = Exchanges
report-summary = Summary
report-service = service
report-value = value

## Títulos de los documentos y de lo que hay en ellos

report-packets = Paquetes
report-exchanges = Intercambios
report-summary = Resumen
report-service = servicio
report-value = valor

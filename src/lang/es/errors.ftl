# Glosario, para que todos los textos digan lo mismo:
#
#   frame            trama                     answered      respondido
#   packet           paquete                   late          tarde
#   datagram         datagrama                 lost          perdido
#   segment          segmento                  refused       rechazado
#   payload          carga útil                duplicate     duplicado
#   request          petición                  unsolicited   no solicitado
#   response         respuesta                 reordered     desordenado
#   exchange         intercambio               noise         ruido
#   capture          captura, capturar         service       servicio
#   saved capture    captura guardada          port          puerto
#   link type        tipo de enlace            interface     interfaz (femenino)
#   loopback         bucle local (loopback)    kernel        núcleo
#   response time    tiempo de respuesta       report        informe
#   jitter           jitter                    file          archivo
#   standard input   entrada estándar          folder        carpeta
#   command          orden                     option        opción
#
# Estilo: impersonal o infinitivo, sin tú ni usted. Los nombres de Wireshark (columnas, protocolos, Info) no se traducen,
# ni lo que se escribe en la línea de órdenes. Los números llevan punto decimal, como en Wireshark.

## Lo que falla con cualquier orden

errors-no-file = no existe ese archivo
errors-no-permission = sin permiso para leerlo; `{ $command }` muestra quién lo tiene
errors-results = no se pueden escribir los resultados: { $cause }
errors-ended = ya ha terminado
errors-npcap = { $reason }: Npcap se descarga de https://npcap.com/#download, y sirven los ajustes que ofrece su instalador; sin él funciona todo salvo las capturas en vivo y los filtros de captura
errors-no-libpcap = esta compilación no tiene libpcap, y { $what ->
    [filter] una expresión BPF
   *[capture] una captura en vivo
} la necesita; hay que compilar con las características predeterminadas
errors-filter = filtro de captura incorrecto, `{ $expression }`: { $reason }; la sintaxis está en pcap-filter(7), por ejemplo `udp port 8080`
errors-thread = no se puede iniciar un hilo: { $cause }; `ulimit -u` dice cuántos puede haber
errors-signal = no se puede atender a Ctrl-C
errors-setuid = el archivo del programa es setuid o setgid, y no se ejecuta con permisos que no tiene quien lo llama: quitarlo con `chmod ug-s` y dar el permiso de captura con `setcap cap_net_raw+ep`
errors-no-such-user = no existe el usuario `{ $user }`; `--user` admite un nombre o un número de los que muestra `getent passwd`
errors-user-needs-root = solo root puede convertirse en { $user }; sin root, quitar `--user`
errors-user-not-here = `--user` es para Linux; aquí no es posible convertirse en otro usuario
errors-privileges = no se puede dejar root para convertirse en { $user }: { $cause }; donde el sistema no permite a root cambiar de usuario, como en algunos contenedores, `--user root` sigue siendo root y renuncia a todas las capacidades
errors-capabilities = no se puede renunciar a las capacidades del archivo del programa

## Valores de la línea de órdenes

errors-not-a-count = un número entero, 1 o más
errors-not-whole = un número entero
errors-not-between = un número entero de { $least } a { $most }
errors-not-seconds = no es un número de segundos, como 5 o 0.5
errors-not-a-time = no es un tiempo, como 1s, 250ms o 2min
errors-too-long = más de un año
errors-not-percent = de 0% a 100%, por ejemplo 20%
errors-not-an-address = una dirección y un puerto en números, como 127.0.0.1:8080 o [::1]:8080
errors-not-a-language = en o es
errors-not-autostop = solo se admite `duration:SEGS`, por ejemplo `duration:10`
errors-not-a-time-format = uno de r, a, ad, d, dd, e, u, ud
errors-two-passes-live = -2 lee la captura dos veces, así que necesita una guardada: guardarla con -w ARCHIVO y luego `loopshark read -2 ARCHIVO`
errors-two-passes-pipe = -2 lee la captura dos veces, y la entrada estándar solo puede leerse una: guardarla antes en un archivo

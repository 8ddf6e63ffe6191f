## Lo que --explain dice bajo una trama

details-part-payload = carga útil
details-part-fragment = fragmento
details-part-extension = extensión de IPv6
details-part-trailer = detrás del paquete

details-sum = Trama { $number }: { $parts } = { $length } bytes.
details-places = Lugares: los números de arriba a la izquierda, y los que aquí van entre paréntesis, dicen en qué lugar de la trama están los bytes de un campo, contados desde 0. Lo que no tiene ninguno no se envió: se dedujo del resto.

details-link-null = NULL: en vez de una cabecera Ethernet, cuatro bytes que solo dicen qué viene después (2 es IPv4). Los escriben el adaptador loopback de Npcap y lo0 de macOS. Linux pone delante del mismo paquete una cabecera Ethernet de 14 bytes: una trama de 49 bytes aquí es allí una de 59, y en nada más se distingue.
details-link-ethernet = Ethernet: la dirección del receptor (6 bytes), la del emisor (6) y el tipo de lo que sigue (2; 0x0800 es IPv4) suman 14. En el loopback de Linux no hay tarjeta de red, por eso las dos direcciones son ceros. La suma de comprobación con que acaba una trama en el cable no se captura.
details-link-cooked = Captura «cooked» de Linux: lo que tiene una captura en el dispositivo «any» en vez de la cabecera propia de cada dispositivo, 16 bytes en su primera versión y 20 en la segunda. Dice en qué sentido iba la trama, en qué clase de dispositivo y qué viene después. Nunca estuvo en un cable.
details-ipv6 = IPv6: su cabecera tiene siempre 40 bytes, 32 de ellos de direcciones. La de IPv4 tiene 20, 8 de ellos de direcciones, y más si hay opciones. La cabecera IPv6 no lleva suma de comprobación; Payload Length no cuenta la propia cabecera, y el Total Length de IPv4 sí.
details-tcp = TCP: su cabecera tiene 20 bytes, y más si hay opciones. Un segmento sin carga útil (Len=0) solo confirma, o abre o cierra la conexión. UDP no tiene nada de eso: ni conexión, ni confirmación, ni repetición.

details-lengths = Length y Len: Length, la columna, cuenta la trama entera, aquí { $length } bytes. Len, en Info, cuenta solo lo que envió la aplicación, aquí { $len }. La diferencia de { $headers } bytes son las cabeceras. El campo Length de la cabecera UDP cuenta también los 8 bytes de esa cabecera: 8 + { $len } = { $udp }.

details-fragments = Fragmentos: este paquete era demasiado largo para la MTU del enlace, así que IP envió su carga útil en trozos, cada uno en una trama con su propia cabecera IP. Solo el primer trozo empieza con la cabecera UDP. El datagrama se muestra en la trama que lo completa, y los lugares con una r delante cuentan en el paquete recompuesto.

details-ip-checksum = La suma de comprobación de la cabecera IPv4 es 0x0000: el sistema se la dejó a la tarjeta de red (offload), y en el loopback no hay tarjeta que la rellene. Npcap muestra el paquete tal como lo entregó el sistema. No hay nada roto; Wireshark solo la verifica si se le pide.

details-checksum-absent = La suma de comprobación de UDP es 0x0000: el emisor no calculó ninguna, cosa que IPv4 permite e IPv6 no.
details-checksum-right = La suma de comprobación de UDP { $sum } es la correcta para estos bytes: se ha vuelto a calcular con las direcciones, los puertos, la longitud y la carga útil. Wireshark dice «unverified» porque de forma predeterminada no lo hace.
details-checksum-loopback = La suma de comprobación de UDP { $sum } parece errónea; la correcta sería { $right }. No hay nada roto: { $sum } es la suma de las direcciones, el protocolo y la longitud, sin más, que el núcleo deja ahí para que la tarjeta de red siga a partir de ella (offload). En el loopback no hay tarjeta, los bytes nunca salen de la memoria, y por eso nadie la completa. De ahí que Wireshark diga «unverified» y no verifique de forma predeterminada.
details-checksum-unfinished = La suma de comprobación de UDP { $sum } parece errónea; la correcta sería { $right }. { $sum } es la suma de las direcciones, el protocolo y la longitud, sin más, que el núcleo deja ahí para que la tarjeta de red siga a partir de ella (offload). La trama se capturó antes de que la tuviera la tarjeta; donde llega, la suma está completa. De ahí que Wireshark diga «unverified» y no verifique de forma predeterminada.
details-checksum-wrong = La suma de comprobación de UDP { $sum } no es la de estos bytes, que es { $right }. O se cambiaron por el camino o en la captura, o el emisor dejó la suma a su tarjeta de red (offload) y se capturó antes.

details-ports = Puertos: una dirección encuentra la máquina; un puerto, el programa que hay en ella. El del servicio es fijo y conocido, para que los clientes lo encuentren: el servidor lo pidió (bind). El del cliente es efímero: el sistema le presta uno libre y lo recupera con el socket; Linux los presta desde el 32768, Windows y macOS desde el 49152. La respuesta va al puerto del que vino la pregunta.
details-ports-request = Aquí: desde { $src }, el puerto del cliente, hacia { $dst }, el del servicio.
details-ports-response = Aquí: desde { $src }, el puerto del servicio, hacia { $dst }, el del cliente.

details-unreachable = ICMP «Port unreachable»: ningún programa tiene abierto el puerto UDP { $dst }, así que el datagrama del puerto { $src } no se entregó a nadie.
details-unreachable-why = Lo dice el sistema de la máquina destinataria, no un programa. Cita el datagrama, con sus cabeceras IP y UDP, para que el sistema del emisor sepa por los puertos qué socket lo envió; un programa que lo mire ve «conexión rechazada» (connection refused). UDP mismo no se entera de nada, y si un cortafuegos descarta el mensaje ICMP, el datagrama simplemente se pierde.

details-not-in-view = { $flags } muestra tramas, y --view { $view } no muestra ninguna: quita una de las dos opciones
details-not-in-format = { $flags } muestra tramas como texto, así que no puede ir con otro -T: quita una de las dos opciones

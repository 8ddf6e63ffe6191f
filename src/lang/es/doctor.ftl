## Doctor: veredictos, comprobaciones, la última línea

doctor-fine = bien
doctor-advice = aviso
doctor-trouble = problema
doctor-inapplicable = n/a
doctor-check-driver = controlador
doctor-check-adapter = adaptador
doctor-check-right = permiso
doctor-check-trial = prueba
doctor-check-service = servicio
doctor-check-place = lugar
doctor-works = Aquí se puede capturar.
doctor-works-not = Aquí no se puede capturar: { $checks }.

## La biblioteca

doctor-library-none = esta compilación no lleva libpcap: lee capturas guardadas y ejecuta servidor y cliente, pero no captura
doctor-library-build = compilar con libpcap
doctor-library-version = libpcap { $version } ({ $path })
doctor-library-linked = libpcap, enlazada en este programa o la propia del sistema
doctor-needs-libpcap = no se ha mirado: requiere libpcap (Npcap en Windows)
doctor-npcap-missing = Npcap no está instalado
doctor-npcap-install = instalar Npcap
doctor-npcap-remove-winpcap = quitar WinPcap en la lista de programas
doctor-npcap-winpcap = está instalado WinPcap { $version }, que no ve el tráfico de bucle local; Npcap sí
doctor-npcap-unloadable = no se puede cargar { $path }: { $cause }
doctor-npcap-old = { $path } es demasiado antigua, o no es de Npcap: no tiene { $function }
doctor-npcap-other = { $path } (versión { $version }) no es ni de Npcap ni de WinPcap
doctor-npcap-version = Npcap { $version }
doctor-npcap-start = iniciarlo, en una terminal de administrador
doctor-npcap-driver-absent = falta el controlador de Npcap, aunque su biblioteca está
doctor-npcap-repair = repararlo, en una terminal de administrador
doctor-npcap-driver-stopped = el controlador de Npcap está parado
doctor-npcap-filtering-stopped = el Motor de filtrado de base (BFE) está parado, y sin él Npcap no tiene adaptador de bucle local
doctor-npcap-driver-unknown = Windows no dice si el controlador de Npcap está en marcha
doctor-npcap-driver-running = el controlador de Npcap está en marcha, y también el Motor de filtrado de base (BFE)

## El permiso para capturar

doctor-no-right = sin permiso para capturar: { $reason }
doctor-right-there = { $name } se puede abrir
doctor-right-sandbox = CAP_NET_RAW está, y aun así un entorno restringido (seccomp, AppArmor, SELinux o un espacio de usuarios) impide capturar
doctor-right-leave-sandbox = iniciar loopshark fuera de él, en una terminal propia
doctor-right-container = a este contenedor le falta CAP_NET_RAW
doctor-right-start-container = iniciarlo con esa capacidad
doctor-right-pod = en la descripción de un pod
doctor-right-bounding = lo que inició este proceso le quitó CAP_NET_RAW, también a root
doctor-right-other-start = iniciar loopshark en una terminal corriente, o permitirle allí CAP_NET_RAW
doctor-right-no-new-privs = este proceso no puede ganar permisos (no_new_privs): está en un entorno restringido, en la terminal de un editor o en un servicio
doctor-right-file-system = falta CAP_NET_RAW, y los archivos no pueden llevarla donde está este programa (sistema de archivos sin capacidades, o montado con nosuid)
doctor-right-install = instalar el programa en otro lugar y concederla allí
doctor-right-permitted-only = el programa tiene CAP_NET_RAW concedida, pero no efectiva
doctor-right-not-in-effect = el programa tiene CAP_NET_RAW concedida, pero no era efectiva cuando se inició
doctor-right-missing = falta CAP_NET_RAW
doctor-right-setcap = concederla, de nuevo tras cada compilación
doctor-right-get-setcap = antes, instalar setcap
doctor-right-as-root = o, por una vez
doctor-right-no-bpf = aquí no hay /dev/bpf*
doctor-right-chown = concederlo hasta el próximo arranque
doctor-right-bpf = /dev/bpf* no se puede abrir
doctor-right-bpf-group = ChmodBPF está instalado, y este usuario no está en su grupo access_bpf
doctor-right-join-group = entrar en ese grupo, y luego cerrar la sesión y abrirla de nuevo
doctor-right-chmodbpf = o para siempre, con el ChmodBPF de Wireshark
doctor-right-admin-only = Npcap se instaló solo para administradores
doctor-right-driver = el controlador de Npcap lo deniega
doctor-right-admin-terminal = ejecutar esto en una terminal de administrador
doctor-right-npcap-again = o reinstalar Npcap sin esa restricción

## El adaptador, y un datagrama que pasa por él

doctor-needs-adapter = no se ha mirado: requiere un adaptador activo
doctor-adapter-list = elegir otro con `-i`
doctor-adapter-down = { $name } está desactivado: nada pasa por él
doctor-adapter-up = activarlo
doctor-adapter-other = { $name } está activo ({ $addresses }) y no es de bucle local: lo que esta máquina se envía a sí misma no pasa por él
doctor-adapter-loopback = { $name } es el adaptador de bucle local
doctor-adapter-addresses = { $name } está activo, con { $addresses }
doctor-adapter-no-address = { $name } no tiene { $address }
doctor-adapter-add-address = añadirla
doctor-trial-seen = un datagrama a sí mismo se capturó tras { $millis } ms
doctor-trial-unseen = un datagrama a sí mismo no pasó por { $name } en { $seconds } s
doctor-trial-where = quizá un cortafuegos lo descarte, o el adaptador sea otro: `loopshark interfaces`
doctor-trial-loopback-only = no se ha mirado: nada de lo que esta máquina se envía pasaría por él
doctor-trial-needs-right = no se ha mirado: requiere el permiso para capturar

## El servicio y su nombre

doctor-service-free = { $address } está libre
doctor-service-someone = alguien
doctor-service-elsewhere = { $address } está libre, y { $holder } escucha en { $other }: quien pregunte a { $address } no llega a él
doctor-service-ask-there = preguntarle allí
doctor-service-open = { $address } está libre; un servidor ahí queda abierto también a la red
doctor-service-loopback-instead = un servidor solo para esta máquina
doctor-service-answers = { $address } lo tiene { $holder }, que responde con { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
} en { $millis } ms
doctor-service-answers-open = { $found }; está en { $address }, abierto a la red
doctor-service-silent = { $address } lo tiene { $holder }, que no responde al mensaje de la práctica
doctor-service-who = quién es
doctor-service-other-port = para un servidor a su lado, otro puerto
doctor-service-lab = la dirección de la práctica
doctor-service-no-address = { $address } no es una dirección de esta máquina
doctor-service-port-denied = { $address } no se puede tomar: los puertos por debajo de 1024 son de root
doctor-service-refused = { $address } no se puede tomar: { $reason }
doctor-localhost-unknown = aquí no se conoce el nombre localhost
doctor-localhost-hosts = añadirlo
doctor-localhost-elsewhere = localhost es { $addresses }, que no es el adaptador de bucle local de esta máquina
doctor-localhost-leads-there = localhost es { $addresses }
doctor-localhost-misleads = localhost es { $addresses }: quien pregunte a ese nombre quizá no llegue a { $service }
doctor-localhost-write = escribir { $service } en el cliente

## Alrededor

doctor-place-machine = no es un contenedor: el adaptador de bucle local es el de esta máquina
doctor-place-container = esto es un contenedor ({ $kind }), con su propio adaptador de bucle local: lo que su anfitrión se envía a sí mismo no pasa por aquí
doctor-place-host-network = para compartir el del anfitrión
doctor-place-wsl = esto es WSL, con su propio adaptador de bucle local: lo que los programas de Windows se envían no pasa por aquí
doctor-place-wsl-both = ejecutar también servidor y cliente en WSL
doctor-place-sandbox = esto es un entorno restringido ({ $kind }), que puede impedir capturar
doctor-place-outside = instalar loopshark fuera de él
doctor-tesseract-there = { $version }, para las imágenes de `check`
doctor-tesseract-missing = tesseract no está instalado: `check` no puede leer imágenes
doctor-tesseract-install = instalarlo

## Lo que quizá se quiso escribir, y el manual

usage-file = para leer o comprobar un archivo: { $line }
usage-meant = aquí se escribe: { $line }
usage-names = los nombres nunca se consultan: basta quitar `-n`
usage-display-filter = no hay filtros de visualización; `-f` toma un filtro de captura, por ejemplo `udp port 8080`
usage-no-page = { $name }: no existe ese comando; hay { $names }
usage-pages = { $count ->
    [one] { $count } página
   *[other] { $count } páginas
} en { $folder }

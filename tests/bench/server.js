// The lab's server in the lab's language, at the port that it is told: what loopshark's server is compared with.
const dgram = require('dgram');

const server = dgram.createSocket('udp4');
const reply = Buffer.from('Mensaje recibido correctamente');

server.on('listening', () => {
  const { address, port } = server.address();
  console.log(`Servidor UDP escuchando en ${address}:${port}`);
});
server.on('message', (message, from) => {
  console.log(`Mensaje recibido: ${message} de ${from.address}:${from.port}`);
  server.send(reply, from.port, from.address, (error) => {
    if (error) console.error('Error al enviar la respuesta:', error);
    else console.log('Respuesta enviada al cliente');
  });
});
server.bind(Number(process.argv[2] ?? 8080), '127.0.0.1');

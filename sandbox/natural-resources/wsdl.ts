// The service's description: WSDL 1.1 (W3C Note of 2001-03-15), document/literal. All that it declares of an answer is one
// string; what stands in it is told in a document of Word.
import { NAMESPACE } from './envelope.ts';

export const OPERATIONS = {
  getYhdList: { pageNo: 'int', pageSize: 'int' },
  getJcgjList: { kssj: 'string', jssj: 'string' },
} as const;
export type Operation = keyof typeof OPERATIONS;

/** `address`: where the service is asked. */
export function toWsdl(address: string): string {
  const names = Object.keys(OPERATIONS) as Operation[];
  const each = (write: (name: Operation) => string) => names.map(write).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="DzzhService" targetNamespace="${NAMESPACE}" xmlns:tns="${NAMESPACE}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<wsdl:types><xsd:schema targetNamespace="${NAMESPACE}" elementFormDefault="unqualified">
${each(toSchema)}
</xsd:schema></wsdl:types>
${each((name) => toMessage(name, name, 'parameters') + toMessage(`${name}Response`, `${name}Response`, 'result'))}
<wsdl:portType name="DzzhPort">
${each((name) => `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}"/><wsdl:output message="tns:${name}Response"/></wsdl:operation>`)}
</wsdl:portType>
<wsdl:binding name="DzzhBinding" type="tns:DzzhPort"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each((name) => `<wsdl:operation name="${name}"><soap:operation soapAction="${NAMESPACE}${name}"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`)}
</wsdl:binding>
<wsdl:service name="DzzhService"><wsdl:port name="DzzhPort" binding="tns:DzzhBinding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;
}

function toSchema(name: Operation): string {
  const args = Object.entries(OPERATIONS[name])
    .map(([arg, type]) => `<xsd:element name="${arg}" type="xsd:${type}"/>`)
    .join('');
  const complex = (inner: string) =>
    `<xsd:complexType><xsd:sequence>${inner}</xsd:sequence></xsd:complexType>`;
  return (
    `<xsd:element name="${name}">${complex(args)}</xsd:element>` +
    `<xsd:element name="${name}Response">${complex(`<xsd:element name="${name}Return" type="xsd:string"/>`)}</xsd:element>`
  );
}

function toMessage(name: string, element: string, part: string): string {
  return `<wsdl:message name="${name}"><wsdl:part name="${part}" element="tns:${element}"/></wsdl:message>`;
}

// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.report.Printable;
import io.windhover.runtime.verify.Check;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Checks as the XML that JUnit's ant task began and build servers read: a suite for each model, cycles as a property.
 */
final class VerifyXml {
    private VerifyXml() {}

    static byte[] write(List<Report> reports) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newInstance().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            xml.writeStartElement("testsuites");
            for (Report report : reports) {
                write(report, xml);
            }
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException("memory takes any XML", impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(Report report, XMLStreamWriter xml) throws XMLStreamException {
        String name = Printable.line(report.model());
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", name);
        xml.writeAttribute("tests", String.valueOf(report.checks().size()));
        xml.writeAttribute(
                "failures",
                String.valueOf(report.checks().stream()
                        .filter(check -> !check.passed())
                        .count()));
        if (report.found() != null) {
            xml.writeStartElement("properties");
            property(xml, "device", report.found().device());
            property(xml, "cycles", String.valueOf(report.found().profile().totalCycles()));
            xml.writeEndElement();
        }
        for (Check check : report.checks()) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", name);
            xml.writeAttribute("name", check.name());
            if (!check.passed()) {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", Printable.line(check.sentence()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void property(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", Printable.line(value));
    }
}

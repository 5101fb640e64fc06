package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads from the distribution's bundles what they can be told (OSGi R8 Compendium, chapter 105). */
final class KnownSettings {
    private static final String FOLDER = "OSGI-INF/metatype/";

    private KnownSettings() {}

    /**
     * The settings of our PIDs.
     *
     * @param bundles of the chosen features
     * @return by PID
     */
    static Map<String, Settings> of(List<FeatureBundle> bundles) throws CommandFailedException {
        Map<String, Settings> known = new HashMap<>();
        for (FeatureBundle bundle : bundles) {
            try (ZipFile jar = new ZipFile(bundle.jar().toFile())) {
                for (ZipEntry entry : jar.stream().toList()) {
                    if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".xml")) {
                        read(jar, entry, known);
                    }
                }
            } catch (IOException | SAXException | ParserConfigurationException e) {
                throw new CommandFailedException(
                        "The bundle " + bundle.jar() + " cannot be read (" + Causes.text(e)
                                + "); unpack the distribution again.",
                        e);
            }
        }
        known.keySet().removeIf(pid -> !pid.startsWith(Configurations.OURS));
        return known;
    }

    private static void read(ZipFile jar, ZipEntry entry, Map<String, Settings> known)
            throws IOException, SAXException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Document document;
        try (InputStream in = jar.getInputStream(entry)) {
            document = factory.newDocumentBuilder().parse(in);
        }
        Map<String, Map<String, Settings.Attribute>> classes = new HashMap<>();
        for (Element definition : elements(document.getElementsByTagName("OCD"))) {
            Map<String, Settings.Attribute> attributes = new HashMap<>();
            for (Element attribute : elements(definition.getElementsByTagName("AD"))) {
                List<String> choices = elements(attribute.getElementsByTagName("Option")).stream()
                        .map(option -> option.getAttribute("value"))
                        .toList();
                attributes.put(
                        attribute.getAttribute("id"),
                        new Settings.Attribute(
                                attribute.getAttribute("type"), attribute.hasAttribute("cardinality"), choices));
            }
            classes.put(definition.getAttribute("id"), attributes);
        }
        for (Element designate : elements(document.getElementsByTagName("Designate"))) {
            for (Element object : elements(designate.getElementsByTagName("Object"))) {
                String pid = designate.getAttribute("pid");
                known.put(pid, new Settings(pid, classes.getOrDefault(object.getAttribute("ocdref"), Map.of())));
            }
        }
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}

#pragma once

#include "core/model/NetworkSpec.h"

#include <QObject>

#include <functional>
#include <string>

class QMenu;
class QPoint;
class QWidget;

namespace limpid {

class NetworkScene;
class Session;
class Theme;
class VersionPicker;

/// The canvas's way to files and saved models and back, and what the menu "File" has of it. Everything is read and written on a worker;
/// what can't be is told in a sentence, and the canvas stays as it is.
class NetworkFiles : public QObject
{
    Q_OBJECT
public:
    /// Layers and connections of what is put on the canvas: with more of them each edit and each frame would take seconds.
    static constexpr std::size_t mostDrawn = 20'000;

    /// `current`: the whole network as it is drawn. Dialogs belong to `window`.
    NetworkFiles(Session& session, const NetworkScene& scene, std::function<const NetworkSpec&()> current, const Theme& theme, QWidget* window);

    /// Fills the menu with what can be done now.
    void fill(QMenu& menu);
    /// Whether there is a comparison to be ended.
    void setComparing(bool comparing) { m_comparing = comparing; }

    // The network of a JSON or ONNX file, or of "NAME@VERSION", exactly as it was trained.
    void openFile(const QString& path);
    void openVersion(const QString& reference);
    void compareWithFile(const QString& path);
    void compareWithVersion(const QString& reference);
    void save(const QString& path);          ///< as JSON
    void savePicture(const QString& path);   ///< as the name's ending says

    /// Whether the name ends as networks' files do.
    static bool isNetworkFile(const QString& path);

signals:
    /// To be put on the canvas; `name` is the file's, or the version.
    void opened(const limpid::NetworkSpec& network, const QString& name);
    /// The canvas is to be compared with it.
    void compared(const limpid::NetworkSpec& network, const QString& name);
    void comparisonEnded();

private:
    using Chosen = std::function<void(const QString&)>;
    using Read = std::function<NetworkSpec()>;
    /// The answer to the last of the questions that count on `token`.
    void read(const QString& name, Read work, std::uint64_t& token, std::function<void(const NetworkSpec&)> done);
    void write(const char* kind, const QString& path, std::function<void()> work, const QString& told);
    Read fileReader(const QString& path) const;
    Read versionReader(const QString& reference) const;
    /// Puts it on the canvas; `more` is told beside its size.
    void show(const NetworkSpec& network, const QString& name, const QString& more);
    // Whether it can be, and a sentence where it can't.
    bool isDrawable(const NetworkSpec& network, const QString& name);
    bool dataIsOpen();
    void askForFile(const QString& title, const char* name, Chosen chosen);
    void askWhereTo(const QString& title, const char* name, const QString& file, const QString& kind, Chosen chosen);
    /// The list opens where the menu was.
    void askForVersion(const QPoint& place, const QString& heading, Chosen chosen);
    QString folder() const;
    void keepFolder(const QString& path);

    Session& m_session;
    const NetworkScene& m_scene;
    std::function<const NetworkSpec&()> m_current;
    QWidget* m_window;
    VersionPicker* m_versions;
    Chosen m_versionChosen;
    std::uint64_t m_openToken = 0, m_compareToken = 0;
    bool m_comparing = false;
};

} // namespace limpid

#pragma once

#include <QLineEdit>

#include <string>

namespace limpid {

class NetworkScene;

/// A field over a node in which its name is typed: Enter or a click elsewhere takes it, Esc doesn't.
class NameEditor : public QLineEdit
{
    Q_OBJECT
public:
    NameEditor(NetworkScene& scene, QWidget* viewport);

    /// Opens over `place`, in the viewport's pixels.
    void open(const std::string& id, const QRect& place);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void close(bool take);
    bool isFree(const QString& text) const;
    NetworkScene& m_scene;
    std::string m_id;
};

} // namespace limpid

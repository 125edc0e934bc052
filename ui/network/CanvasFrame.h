#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace limpid {

class NetworkView;
class Theme;

/// The canvas in its frame, with its few buttons over the top right corner: Tidy, Fit, the zoom, a menu of all that can be
/// done, and Preset.
class CanvasFrame : public QFrame
{
    Q_OBJECT
public:
    CanvasFrame(NetworkView& view, const Theme& theme, QWidget* parent = nullptr);

signals:
    void presetChosen(const std::string& preset);
    /// To be written there, as the ending says.
    void pictureWanted(const QString& path);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildButtons();
    void askForPicture(const QString& ending, const QString& kind);
    void place();
    void restyle();
    NetworkView& m_view;
    const Theme& m_theme;
    QPushButton* m_zoom = nullptr;
    QWidget* m_buttons = nullptr;
};

} // namespace limpid

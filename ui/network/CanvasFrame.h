#pragma once

#include <QFrame>

#include <string>
#include <vector>

class QLabel;
class QPushButton;

namespace limpid {

class CanvasLegend;
class NetworkView;
class Theme;

/// The canvas in its frame, with its few buttons over the top right corner: Tidy, Fit, the zoom, a menu of all that can be
/// done, and Preset.
class CanvasFrame : public QFrame
{
    Q_OBJECT
public:
    CanvasFrame(NetworkView& view, const Theme& theme, QWidget* parent = nullptr);

    /// The blocks one is in, the outermost first: a trail above the canvas, "Network › residual".
    void setPath(const std::vector<std::string>& blocks);

    CanvasLegend& legend() const { return *m_legend; }

signals:
    /// Back to that many blocks deep: 0 is the network.
    void levelChosen(int level);
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
    QWidget* m_trail = nullptr;
    CanvasLegend* m_legend = nullptr;
    std::vector<std::string> m_path;
};

} // namespace limpid
